CREATE TABLE "draw_counters" (
	"merchant_id" text NOT NULL,
	"season_id" text NOT NULL,
	"location_id" text NOT NULL,
	"business_day" text NOT NULL,
	"drawn_count" integer NOT NULL,
	CONSTRAINT "draw_counters_merchant_id_season_id_location_id_business_day_pk" PRIMARY KEY("merchant_id","season_id","location_id","business_day")
);
--> statement-breakpoint
CREATE TABLE "draws" (
	"merchant_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"draw_id" text NOT NULL,
	"season_id" text NOT NULL,
	"location_id" text NOT NULL,
	"business_day" text NOT NULL,
	"customer_id" text NOT NULL,
	"card_id" text NOT NULL,
	"staff_id" text NOT NULL,
	"device_id" text NOT NULL,
	"drawn_at" timestamp (3) with time zone NOT NULL,
	"chance_millionths" integer NOT NULL,
	"u" bigint NOT NULL,
	"is_drawn" boolean NOT NULL,
	"covariates" jsonb NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "draws_merchant_id_sequence_pk" PRIMARY KEY("merchant_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "evidence_reports" (
	"merchant_id" text NOT NULL,
	"report_id" text NOT NULL,
	"season_id" text NOT NULL,
	"day" text NOT NULL,
	"as_of" timestamp (3) with time zone NOT NULL,
	"inputs_hash" text NOT NULL,
	"report" jsonb NOT NULL,
	"stored_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "evidence_reports_merchant_id_report_id_pk" PRIMARY KEY("merchant_id","report_id")
);
--> statement-breakpoint
CREATE TABLE "kept_taps" (
	"merchant_id" text NOT NULL,
	"tap_id" text NOT NULL,
	"device_id" text NOT NULL,
	"location_id" text NOT NULL,
	"staff_id" text,
	"operation" text NOT NULL,
	"body" jsonb NOT NULL,
	"refusal" text NOT NULL,
	"tapped_at" timestamp (3) with time zone NOT NULL,
	"kept_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text,
	"end" text,
	CONSTRAINT "kept_taps_merchant_id_tap_id_pk" PRIMARY KEY("merchant_id","tap_id")
);
--> statement-breakpoint
CREATE TABLE "one_time_codes" (
	"merchant_id" text NOT NULL,
	"code_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"purpose" text NOT NULL,
	"code_hash" text NOT NULL,
	"wrong_count" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "one_time_codes_merchant_id_code_id_pk" PRIMARY KEY("merchant_id","code_id")
);
--> statement-breakpoint
CREATE TABLE "pictures" (
	"merchant_id" text NOT NULL,
	"picture_id" text NOT NULL,
	"media_type" text NOT NULL,
	"content" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "pictures_merchant_id_picture_id_pk" PRIMARY KEY("merchant_id","picture_id")
);
--> statement-breakpoint
CREATE TABLE "seasons" (
	"merchant_id" text NOT NULL,
	"season_id" text NOT NULL,
	"kind" text NOT NULL,
	"location_id" text,
	"chance_millionths" integer NOT NULL,
	"daily_cap" integer NOT NULL,
	"gesture_kind" text,
	"sealed_key" text NOT NULL,
	"key_hash" text NOT NULL,
	"revealed_key" text,
	"planned_draws" integer NOT NULL,
	"sale_cap_minor" integer NOT NULL,
	"smallest_effect_minor" integer,
	"margin_millionths" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"started_by" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text,
	CONSTRAINT "seasons_merchant_id_season_id_pk" PRIMARY KEY("merchant_id","season_id")
);
--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "live_step" integer;--> statement-breakpoint
ALTER TABLE "cards" ADD COLUMN "joined_into_id" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "name_key" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "phone" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "phone_end" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "pending_email" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "preferences" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "joined_into_id" text;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "forgotten_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "last_seen_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "devices" ADD COLUMN "waiting_count" integer;--> statement-breakpoint
ALTER TABLE "gestures" ADD COLUMN "draw_id" text;--> statement-breakpoint
ALTER TABLE "merchants" ADD COLUMN "logo_picture_id" text;--> statement-breakpoint
ALTER TABLE "program_versions" ADD COLUMN "picture_id" text;--> statement-breakpoint
ALTER TABLE "rewards" ADD COLUMN "proof" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "user_agent" text;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "totp_secret" text;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "totp_confirmed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "totp_last_step" integer;--> statement-breakpoint
ALTER TABLE "staff" ADD COLUMN "recovery_code_hashes" jsonb;--> statement-breakpoint
ALTER TABLE "draws" ADD CONSTRAINT "draws_merchant_id_season_id_seasons_merchant_id_season_id_fk" FOREIGN KEY ("merchant_id","season_id") REFERENCES "public"."seasons"("merchant_id","season_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "kept_taps" ADD CONSTRAINT "kept_taps_merchant_id_device_id_devices_merchant_id_device_id_fk" FOREIGN KEY ("merchant_id","device_id") REFERENCES "public"."devices"("merchant_id","device_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "one_time_codes" ADD CONSTRAINT "one_time_codes_merchant_id_customer_id_customers_merchant_id_customer_id_fk" FOREIGN KEY ("merchant_id","customer_id") REFERENCES "public"."customers"("merchant_id","customer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "pictures" ADD CONSTRAINT "pictures_merchant_id_merchants_merchant_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seasons" ADD CONSTRAINT "seasons_merchant_id_started_by_staff_merchant_id_staff_id_fk" FOREIGN KEY ("merchant_id","started_by") REFERENCES "public"."staff"("merchant_id","staff_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "seasons" ADD CONSTRAINT "seasons_merchant_id_location_id_locations_merchant_id_location_id_fk" FOREIGN KEY ("merchant_id","location_id") REFERENCES "public"."locations"("merchant_id","location_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "draws_by_id" ON "draws" USING btree ("merchant_id","draw_id");--> statement-breakpoint
CREATE UNIQUE INDEX "draws_by_customer" ON "draws" USING btree ("merchant_id","customer_id","business_day");--> statement-breakpoint
CREATE INDEX "draws_by_season" ON "draws" USING btree ("merchant_id","season_id","drawn_at");--> statement-breakpoint
CREATE UNIQUE INDEX "evidence_reports_by_day" ON "evidence_reports" USING btree ("merchant_id","season_id","day");--> statement-breakpoint
CREATE INDEX "one_time_codes_by_customer" ON "one_time_codes" USING btree ("merchant_id","customer_id","created_at");--> statement-breakpoint
CREATE INDEX "customers_by_name" ON "customers" USING btree ("merchant_id","name_key") WHERE name_key is not null;--> statement-breakpoint
CREATE INDEX "customers_by_phone_end" ON "customers" USING btree ("merchant_id","phone_end") WHERE phone_end is not null;--> statement-breakpoint
CREATE INDEX "customers_by_email" ON "customers" USING btree ("merchant_id","email") WHERE email is not null;