ALTER TABLE `leases` ADD `ends_at` integer;--> statement-breakpoint
ALTER TABLE `locations` ADD `day_floor_at` integer;