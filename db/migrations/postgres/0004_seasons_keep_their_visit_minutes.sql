DROP INDEX "sales_by_customer";--> statement-breakpoint
ALTER TABLE "seasons" ADD COLUMN "visit_minutes" integer;--> statement-breakpoint
CREATE INDEX "sales_by_customer" ON "sales" USING btree ("merchant_id","customer_id","occurred_at","total_minor");