DROP INDEX `sales_by_customer`;--> statement-breakpoint
CREATE INDEX `sales_by_customer` ON `sales` (`merchant_id`,`customer_id`,`occurred_at`,`total_minor`);--> statement-breakpoint
ALTER TABLE `seasons` ADD `visit_minutes` integer;