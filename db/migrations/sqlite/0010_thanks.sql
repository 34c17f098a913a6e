CREATE TABLE `thanks` (
	`merchant_id` text NOT NULL,
	`gesture_id` text NOT NULL,
	`thanked_at` integer NOT NULL,
	PRIMARY KEY(`merchant_id`, `gesture_id`),
	FOREIGN KEY (`merchant_id`,`gesture_id`) REFERENCES `gestures`(`merchant_id`,`gesture_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `thanks_by_instant` ON `thanks` (`merchant_id`,`thanked_at`);