CREATE TABLE `allowance_counters` (
	`merchant_id` text NOT NULL,
	`scope` text NOT NULL,
	`subject_id` text NOT NULL,
	`period` text NOT NULL,
	`period_start` text NOT NULL,
	`used_count` integer NOT NULL,
	`leased_count` integer NOT NULL,
	`used_cost_minor` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `scope`, `subject_id`, `period`, `period_start`)
);
--> statement-breakpoint
CREATE TABLE `allowances` (
	`merchant_id` text NOT NULL,
	`allowance_id` text NOT NULL,
	`scope` text NOT NULL,
	`subject_id` text NOT NULL,
	`period` text NOT NULL,
	`gestures_limit` integer,
	`cost_limit_minor` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `allowance_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `allowances_by_subject` ON `allowances` (`merchant_id`,`scope`,`subject_id`,`period`);--> statement-breakpoint
CREATE TABLE `answers` (
	`merchant_id` text NOT NULL,
	`operation_id` text NOT NULL,
	`request_hash` text NOT NULL,
	`body` text,
	`answered_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `operation_id`)
);
--> statement-breakpoint
CREATE INDEX `answers_to_forget` ON `answers` (`answered_at`) WHERE body is not null;--> statement-breakpoint
CREATE TABLE `attempts` (
	`merchant_id` text NOT NULL,
	`subject` text NOT NULL,
	`failed_count` integer NOT NULL,
	`locked_until` integer,
	`last_failed_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `subject`)
);
--> statement-breakpoint
CREATE TABLE `audit_log` (
	`merchant_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`at` integer NOT NULL,
	`staff_id` text,
	`action` text NOT NULL,
	`subject_id` text,
	`details` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`merchant_id`, `sequence`)
);
--> statement-breakpoint
CREATE TABLE `cards` (
	`merchant_id` text NOT NULL,
	`card_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`program_id` text NOT NULL,
	`program_version` integer NOT NULL,
	`location_id` text NOT NULL,
	`secret_hash` text,
	`code_hash` text,
	`short_code` text NOT NULL,
	`balance` integer NOT NULL,
	`held_stamps` integer NOT NULL,
	`open_reward_count` integer NOT NULL,
	`last_visit_at` integer,
	`created_at` integer NOT NULL,
	`blocked_at` integer,
	PRIMARY KEY(`merchant_id`, `card_id`),
	FOREIGN KEY (`merchant_id`,`customer_id`) REFERENCES `customers`(`merchant_id`,`customer_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`merchant_id`,`program_id`,`program_version`) REFERENCES `program_versions`(`merchant_id`,`program_id`,`version`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cards_by_code` ON `cards` (`merchant_id`,`code_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `cards_by_short_code` ON `cards` (`merchant_id`,`short_code`);--> statement-breakpoint
CREATE INDEX `cards_by_customer` ON `cards` (`merchant_id`,`customer_id`);--> statement-breakpoint
CREATE INDEX `cards_by_secret` ON `cards` (`secret_hash`);--> statement-breakpoint
CREATE TABLE `chain_heads` (
	`merchant_id` text NOT NULL,
	`chain` text NOT NULL,
	`sequence` integer NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`merchant_id`, `chain`),
	FOREIGN KEY (`merchant_id`) REFERENCES `merchants`(`merchant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `customer_references` (
	`merchant_id` text NOT NULL,
	`source` text NOT NULL,
	`reference` text NOT NULL,
	`customer_id` text NOT NULL,
	`card_id` text NOT NULL,
	PRIMARY KEY(`merchant_id`, `source`, `reference`),
	FOREIGN KEY (`merchant_id`,`card_id`) REFERENCES `cards`(`merchant_id`,`card_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `customers` (
	`merchant_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`name` text,
	`staff_id` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `customer_id`),
	FOREIGN KEY (`merchant_id`,`staff_id`) REFERENCES `staff`(`merchant_id`,`staff_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `devices` (
	`merchant_id` text NOT NULL,
	`device_id` text NOT NULL,
	`location_id` text NOT NULL,
	`name` text NOT NULL,
	`token_id` text NOT NULL,
	`enrolled_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`merchant_id`, `device_id`),
	FOREIGN KEY (`merchant_id`,`location_id`) REFERENCES `locations`(`merchant_id`,`location_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `enrolments` (
	`merchant_id` text NOT NULL,
	`enrolment_id` text NOT NULL,
	`code_hash` text NOT NULL,
	`location_id` text NOT NULL,
	`device_name` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`merchant_id`, `enrolment_id`),
	FOREIGN KEY (`merchant_id`,`location_id`) REFERENCES `locations`(`merchant_id`,`location_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `enrolments_by_code` ON `enrolments` (`code_hash`);--> statement-breakpoint
CREATE TABLE `entries` (
	`merchant_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`card_id` text NOT NULL,
	`kind` text NOT NULL,
	`stamps` integer NOT NULL,
	`sale_id` text,
	`gesture_id` text,
	`reward_id` text,
	`refund_id` text,
	`staff_id` text,
	`device_id` text,
	`location_id` text NOT NULL,
	`at` integer NOT NULL,
	`business_day` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`merchant_id`, `sequence`),
	FOREIGN KEY (`merchant_id`,`card_id`) REFERENCES `cards`(`merchant_id`,`card_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `entries_by_card` ON `entries` (`merchant_id`,`card_id`,`sequence`);--> statement-breakpoint
CREATE TABLE `gestures` (
	`merchant_id` text NOT NULL,
	`gesture_id` text NOT NULL,
	`kind` text NOT NULL,
	`card_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`location_id` text NOT NULL,
	`device_id` text,
	`given_at` integer NOT NULL,
	`business_day` text NOT NULL,
	`sale_id` text,
	`item_id` text,
	`item_name` text,
	`price_minor` integer NOT NULL,
	`cost_minor` integer NOT NULL,
	`reason` text NOT NULL,
	`note` text,
	`funded_by` text NOT NULL,
	`granted_by` text,
	`lease_id` text,
	`is_past` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`undone_at` integer,
	`undone_by` text,
	PRIMARY KEY(`merchant_id`, `gesture_id`),
	FOREIGN KEY (`merchant_id`,`card_id`) REFERENCES `cards`(`merchant_id`,`card_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`merchant_id`,`staff_id`) REFERENCES `staff`(`merchant_id`,`staff_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `gestures_by_customer` ON `gestures` (`merchant_id`,`customer_id`,`given_at`);--> statement-breakpoint
CREATE INDEX `gestures_by_instant` ON `gestures` (`merchant_id`,`given_at`);--> statement-breakpoint
CREATE TABLE `import_mappings` (
	`merchant_id` text NOT NULL,
	`source` text NOT NULL,
	`mapping` text NOT NULL,
	`saved_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `source`)
);
--> statement-breakpoint
CREATE TABLE `imports` (
	`merchant_id` text NOT NULL,
	`import_id` text NOT NULL,
	`source` text NOT NULL,
	`file_name` text NOT NULL,
	`staff_id` text,
	`imported_at` integer NOT NULL,
	`row_count` integer NOT NULL,
	`sales_added` integer NOT NULL,
	`cards_added` integer NOT NULL,
	`total_minor` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `import_id`)
);
--> statement-breakpoint
CREATE TABLE `items` (
	`merchant_id` text NOT NULL,
	`item_id` text NOT NULL,
	`name` text NOT NULL,
	`price_minor` integer NOT NULL,
	`cost_minor` integer NOT NULL,
	`qualifies` integer NOT NULL,
	`may_be_given` integer NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`merchant_id`, `item_id`),
	FOREIGN KEY (`merchant_id`) REFERENCES `merchants`(`merchant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `leases` (
	`merchant_id` text NOT NULL,
	`lease_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`device_id` text NOT NULL,
	`location_id` text NOT NULL,
	`business_day` text NOT NULL,
	`count` integer NOT NULL,
	`used_count` integer NOT NULL,
	`cost_each_minor` integer NOT NULL,
	`leased_at` integer NOT NULL,
	`returned_at` integer,
	PRIMARY KEY(`merchant_id`, `lease_id`),
	FOREIGN KEY (`merchant_id`,`staff_id`) REFERENCES `staff`(`merchant_id`,`staff_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`merchant_id`,`device_id`) REFERENCES `devices`(`merchant_id`,`device_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `locations` (
	`merchant_id` text NOT NULL,
	`location_id` text NOT NULL,
	`name` text NOT NULL,
	`time_zone` text NOT NULL,
	`cut_off_minutes` integer NOT NULL,
	`day_floor` text,
	`join_code` text NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`merchant_id`, `location_id`),
	FOREIGN KEY (`merchant_id`) REFERENCES `merchants`(`merchant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `locations_by_join_code` ON `locations` (`merchant_id`,`join_code`);--> statement-breakpoint
CREATE TABLE `merchants` (
	`merchant_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`currency` text NOT NULL,
	`week_starts_on` integer NOT NULL,
	`visit_minutes` integer NOT NULL,
	`cool_down_days` integer NOT NULL,
	`is_made_up` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `program_versions` (
	`merchant_id` text NOT NULL,
	`program_id` text NOT NULL,
	`version` integer NOT NULL,
	`stamps_required` integer NOT NULL,
	`reward_name` text NOT NULL,
	`reward_cost_minor` integer,
	`accrual` text NOT NULL,
	`expiry_days` integer,
	`colour` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `program_id`, `version`),
	FOREIGN KEY (`merchant_id`,`program_id`) REFERENCES `programs`(`merchant_id`,`program_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `programs` (
	`merchant_id` text NOT NULL,
	`program_id` text NOT NULL,
	`name` text NOT NULL,
	`current_version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`merchant_id`, `program_id`),
	FOREIGN KEY (`merchant_id`) REFERENCES `merchants`(`merchant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `refunds` (
	`merchant_id` text NOT NULL,
	`refund_id` text NOT NULL,
	`sale_id` text NOT NULL,
	`reference` text,
	`staff_id` text,
	`refunded_at` integer NOT NULL,
	`business_day` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`reversed_stamps` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `refund_id`),
	FOREIGN KEY (`merchant_id`,`sale_id`) REFERENCES `sales`(`merchant_id`,`sale_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `refunds_by_sale` ON `refunds` (`merchant_id`,`sale_id`);--> statement-breakpoint
CREATE TABLE `rewards` (
	`merchant_id` text NOT NULL,
	`reward_id` text NOT NULL,
	`card_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`stamps` integer NOT NULL,
	`status` text NOT NULL,
	`earned_at` integer NOT NULL,
	`expires_at` integer,
	`gesture_id` text,
	`redeemed_at` integer,
	`sale_id` text,
	`covered_minor` integer,
	PRIMARY KEY(`merchant_id`, `reward_id`),
	FOREIGN KEY (`merchant_id`,`card_id`) REFERENCES `cards`(`merchant_id`,`card_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `rewards_by_card` ON `rewards` (`merchant_id`,`card_id`,`reward_id`);--> statement-breakpoint
CREATE INDEX `rewards_by_sale` ON `rewards` (`merchant_id`,`sale_id`) WHERE sale_id is not null;--> statement-breakpoint
CREATE TABLE `sales` (
	`merchant_id` text NOT NULL,
	`sale_id` text NOT NULL,
	`source` text NOT NULL,
	`reference` text,
	`location_id` text NOT NULL,
	`device_id` text,
	`staff_id` text,
	`customer_id` text,
	`card_id` text,
	`occurred_at` integer NOT NULL,
	`business_day` text NOT NULL,
	`total_minor` integer NOT NULL,
	`lines` text NOT NULL,
	`stamps_earned` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `sale_id`),
	FOREIGN KEY (`merchant_id`,`location_id`) REFERENCES `locations`(`merchant_id`,`location_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sales_by_reference` ON `sales` (`merchant_id`,`source`,`reference`) WHERE reference is not null;--> statement-breakpoint
CREATE INDEX `sales_by_customer` ON `sales` (`merchant_id`,`customer_id`,`occurred_at`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`merchant_id` text NOT NULL,
	`session_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`device_id` text,
	`signed_in_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`merchant_id`, `session_id`),
	FOREIGN KEY (`merchant_id`,`staff_id`) REFERENCES `staff`(`merchant_id`,`staff_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`merchant_id`,`device_id`) REFERENCES `devices`(`merchant_id`,`device_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sessions_by_staff` ON `sessions` (`merchant_id`,`staff_id`);--> statement-breakpoint
CREATE TABLE `staff` (
	`merchant_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`email` text,
	`password_hash` text,
	`pin_hash` text,
	`location_id` text,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	PRIMARY KEY(`merchant_id`, `staff_id`),
	FOREIGN KEY (`merchant_id`,`location_id`) REFERENCES `locations`(`merchant_id`,`location_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `staff_by_email` ON `staff` (`merchant_id`,`email`);