ALTER TABLE "leases" ADD COLUMN "ends_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "locations" ADD COLUMN "day_floor_at" timestamp (3) with time zone;