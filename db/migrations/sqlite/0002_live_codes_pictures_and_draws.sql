CREATE TABLE `draw_counters` (
	`merchant_id` text NOT NULL,
	`season_id` text NOT NULL,
	`location_id` text NOT NULL,
	`business_day` text NOT NULL,
	`drawn_count` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `season_id`, `location_id`, `business_day`)
);
--> statement-breakpoint
CREATE TABLE `draws` (
	`merchant_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`draw_id` text NOT NULL,
	`season_id` text NOT NULL,
	`location_id` text NOT NULL,
	`business_day` text NOT NULL,
	`customer_id` text NOT NULL,
	`card_id` text NOT NULL,
	`staff_id` text NOT NULL,
	`device_id` text NOT NULL,
	`drawn_at` integer NOT NULL,
	`chance_millionths` integer NOT NULL,
	`u` integer NOT NULL,
	`is_drawn` integer NOT NULL,
	`covariates` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`merchant_id`, `sequence`),
	FOREIGN KEY (`merchant_id`,`season_id`) REFERENCES `seasons`(`merchant_id`,`season_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `draws_by_id` ON `draws` (`merchant_id`,`draw_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `draws_by_customer` ON `draws` (`merchant_id`,`customer_id`,`business_day`);--> statement-breakpoint
CREATE INDEX `draws_by_season` ON `draws` (`merchant_id`,`season_id`,`drawn_at`);--> statement-breakpoint
CREATE TABLE `evidence_reports` (
	`merchant_id` text NOT NULL,
	`report_id` text NOT NULL,
	`season_id` text NOT NULL,
	`day` text NOT NULL,
	`as_of` integer NOT NULL,
	`inputs_hash` text NOT NULL,
	`report` text NOT NULL,
	`stored_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `report_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evidence_reports_by_day` ON `evidence_reports` (`merchant_id`,`season_id`,`day`);--> statement-breakpoint
CREATE TABLE `kept_taps` (
	`merchant_id` text NOT NULL,
	`tap_id` text NOT NULL,
	`device_id` text NOT NULL,
	`location_id` text NOT NULL,
	`staff_id` text,
	`operation` text NOT NULL,
	`body` text NOT NULL,
	`refusal` text NOT NULL,
	`tapped_at` integer NOT NULL,
	`kept_at` integer NOT NULL,
	`ended_at` integer,
	`ended_by` text,
	`end` text,
	PRIMARY KEY(`merchant_id`, `tap_id`),
	FOREIGN KEY (`merchant_id`,`device_id`) REFERENCES `devices`(`merchant_id`,`device_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `one_time_codes` (
	`merchant_id` text NOT NULL,
	`code_id` text NOT NULL,
	`customer_id` text NOT NULL,
	`purpose` text NOT NULL,
	`code_hash` text NOT NULL,
	`wrong_count` integer NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	PRIMARY KEY(`merchant_id`, `code_id`),
	FOREIGN KEY (`merchant_id`,`customer_id`) REFERENCES `customers`(`merchant_id`,`customer_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `one_time_codes_by_customer` ON `one_time_codes` (`merchant_id`,`customer_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `pictures` (
	`merchant_id` text NOT NULL,
	`picture_id` text NOT NULL,
	`media_type` text NOT NULL,
	`content` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `picture_id`),
	FOREIGN KEY (`merchant_id`) REFERENCES `merchants`(`merchant_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `seasons` (
	`merchant_id` text NOT NULL,
	`season_id` text NOT NULL,
	`kind` text NOT NULL,
	`location_id` text,
	`chance_millionths` integer NOT NULL,
	`daily_cap` integer NOT NULL,
	`gesture_kind` text,
	`sealed_key` text NOT NULL,
	`key_hash` text NOT NULL,
	`revealed_key` text,
	`planned_draws` integer NOT NULL,
	`sale_cap_minor` integer NOT NULL,
	`smallest_effect_minor` integer,
	`margin_millionths` integer NOT NULL,
	`started_at` integer NOT NULL,
	`started_by` text NOT NULL,
	`ended_at` integer,
	`ended_by` text,
	PRIMARY KEY(`merchant_id`, `season_id`),
	FOREIGN KEY (`merchant_id`,`started_by`) REFERENCES `staff`(`merchant_id`,`staff_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`merchant_id`,`location_id`) REFERENCES `locations`(`merchant_id`,`location_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `cards` ADD `live_step` integer;--> statement-breakpoint
ALTER TABLE `cards` ADD `joined_into_id` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `name_key` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `phone` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `phone_end` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `email` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `pending_email` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `preferences` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `joined_into_id` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `forgotten_at` integer;--> statement-breakpoint
CREATE INDEX `customers_by_name` ON `customers` (`merchant_id`,`name_key`) WHERE name_key is not null;--> statement-breakpoint
CREATE INDEX `customers_by_phone_end` ON `customers` (`merchant_id`,`phone_end`) WHERE phone_end is not null;--> statement-breakpoint
CREATE INDEX `customers_by_email` ON `customers` (`merchant_id`,`email`) WHERE email is not null;--> statement-breakpoint
ALTER TABLE `devices` ADD `last_seen_at` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `waiting_count` integer;--> statement-breakpoint
ALTER TABLE `gestures` ADD `draw_id` text;--> statement-breakpoint
ALTER TABLE `merchants` ADD `logo_picture_id` text;--> statement-breakpoint
ALTER TABLE `program_versions` ADD `picture_id` text;--> statement-breakpoint
ALTER TABLE `rewards` ADD `proof` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `user_agent` text;--> statement-breakpoint
ALTER TABLE `staff` ADD `totp_secret` text;--> statement-breakpoint
ALTER TABLE `staff` ADD `totp_confirmed_at` integer;--> statement-breakpoint
ALTER TABLE `staff` ADD `totp_last_step` integer;--> statement-breakpoint
ALTER TABLE `staff` ADD `recovery_code_hashes` text;