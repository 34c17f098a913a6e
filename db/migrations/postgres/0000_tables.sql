CREATE TABLE "allowance_counters" (
	"merchant_id" text NOT NULL,
	"scope" text NOT NULL,
	"subject_id" text NOT NULL,
	"period" text NOT NULL,
	"period_start" text NOT NULL,
	"used_count" integer NOT NULL,
	"leased_count" integer NOT NULL,
	"used_cost_minor" integer NOT NULL,
	CONSTRAINT "allowance_counters_merchant_id_scope_subject_id_period_period_start_pk" PRIMARY KEY("merchant_id","scope","subject_id","period","period_start")
);
--> statement-breakpoint
CREATE TABLE "allowances" (
	"merchant_id" text NOT NULL,
	"allowance_id" text NOT NULL,
	"scope" text NOT NULL,
	"subject_id" text NOT NULL,
	"period" text NOT NULL,
	"gestures_limit" integer,
	"cost_limit_minor" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "allowances_merchant_id_allowance_id_pk" PRIMARY KEY("merchant_id","allowance_id")
);
--> statement-breakpoint
CREATE TABLE "answers" (
	"merchant_id" text NOT NULL,
	"operation_id" text NOT NULL,
	"request_hash" text NOT NULL,
	"body" text,
	"answered_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "answers_merchant_id_operation_id_pk" PRIMARY KEY("merchant_id","operation_id")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"merchant_id" text NOT NULL,
	"subject" text NOT NULL,
	"failed_count" integer NOT NULL,
	"locked_until" timestamp (3) with time zone,
	"last_failed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "attempts_merchant_id_subject_pk" PRIMARY KEY("merchant_id","subject")
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"merchant_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"staff_id" text,
	"action" text NOT NULL,
	"subject_id" text,
	"details" jsonb NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_log_merchant_id_sequence_pk" PRIMARY KEY("merchant_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "cards" (
	"merchant_id" text NOT NULL,
	"card_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"program_id" text NOT NULL,
	"program_version" integer NOT NULL,
	"location_id" text NOT NULL,
	"secret_hash" text,
	"code_hash" text,
	"short_code" text NOT NULL,
	"balance" integer NOT NULL,
	"held_stamps" integer NOT NULL,
	"open_reward_count" integer NOT NULL,
	"last_visit_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"blocked_at" timestamp (3) with time zone,
	CONSTRAINT "cards_merchant_id_card_id_pk" PRIMARY KEY("merchant_id","card_id")
);
--> statement-breakpoint
CREATE TABLE "chain_heads" (
	"merchant_id" text NOT NULL,
	"chain" text NOT NULL,
	"sequence" integer NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "chain_heads_merchant_id_chain_pk" PRIMARY KEY("merchant_id","chain")
);
--> statement-breakpoint
CREATE TABLE "customer_references" (
	"merchant_id" text NOT NULL,
	"source" text NOT NULL,
	"reference" text NOT NULL,
	"customer_id" text NOT NULL,
	"card_id" text NOT NULL,
	CONSTRAINT "customer_references_merchant_id_source_reference_pk" PRIMARY KEY("merchant_id","source","reference")
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"merchant_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"name" text,
	"staff_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "customers_merchant_id_customer_id_pk" PRIMARY KEY("merchant_id","customer_id")
);
--> statement-breakpoint
CREATE TABLE "devices" (
	"merchant_id" text NOT NULL,
	"device_id" text NOT NULL,
	"location_id" text NOT NULL,
	"name" text NOT NULL,
	"token_id" text NOT NULL,
	"enrolled_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "devices_merchant_id_device_id_pk" PRIMARY KEY("merchant_id","device_id")
);
--> statement-breakpoint
CREATE TABLE "enrolments" (
	"merchant_id" text NOT NULL,
	"enrolment_id" text NOT NULL,
	"code_hash" text NOT NULL,
	"location_id" text NOT NULL,
	"device_name" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "enrolments_merchant_id_enrolment_id_pk" PRIMARY KEY("merchant_id","enrolment_id")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"merchant_id" text NOT NULL,
	"sequence" integer NOT NULL,
	"card_id" text NOT NULL,
	"kind" text NOT NULL,
	"stamps" integer NOT NULL,
	"sale_id" text,
	"gesture_id" text,
	"reward_id" text,
	"refund_id" text,
	"staff_id" text,
	"device_id" text,
	"location_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"business_day" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "entries_merchant_id_sequence_pk" PRIMARY KEY("merchant_id","sequence")
);
--> statement-breakpoint
CREATE TABLE "gestures" (
	"merchant_id" text NOT NULL,
	"gesture_id" text NOT NULL,
	"kind" text NOT NULL,
	"card_id" text NOT NULL,
	"customer_id" text NOT NULL,
	"staff_id" text NOT NULL,
	"location_id" text NOT NULL,
	"device_id" text,
	"given_at" timestamp (3) with time zone NOT NULL,
	"business_day" text NOT NULL,
	"sale_id" text,
	"item_id" text,
	"item_name" text,
	"price_minor" integer NOT NULL,
	"cost_minor" integer NOT NULL,
	"reason" text NOT NULL,
	"note" text,
	"funded_by" text NOT NULL,
	"granted_by" text,
	"lease_id" text,
	"is_past" boolean NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"undone_at" timestamp (3) with time zone,
	"undone_by" text,
	CONSTRAINT "gestures_merchant_id_gesture_id_pk" PRIMARY KEY("merchant_id","gesture_id")
);
--> statement-breakpoint
CREATE TABLE "import_mappings" (
	"merchant_id" text NOT NULL,
	"source" text NOT NULL,
	"mapping" jsonb NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "import_mappings_merchant_id_source_pk" PRIMARY KEY("merchant_id","source")
);
--> statement-breakpoint
CREATE TABLE "imports" (
	"merchant_id" text NOT NULL,
	"import_id" text NOT NULL,
	"source" text NOT NULL,
	"file_name" text NOT NULL,
	"staff_id" text,
	"imported_at" timestamp (3) with time zone NOT NULL,
	"row_count" integer NOT NULL,
	"sales_added" integer NOT NULL,
	"cards_added" integer NOT NULL,
	"total_minor" bigint NOT NULL,
	CONSTRAINT "imports_merchant_id_import_id_pk" PRIMARY KEY("merchant_id","import_id")
);
--> statement-breakpoint
CREATE TABLE "items" (
	"merchant_id" text NOT NULL,
	"item_id" text NOT NULL,
	"name" text NOT NULL,
	"price_minor" integer NOT NULL,
	"cost_minor" integer NOT NULL,
	"qualifies" boolean NOT NULL,
	"may_be_given" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "items_merchant_id_item_id_pk" PRIMARY KEY("merchant_id","item_id")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"merchant_id" text NOT NULL,
	"lease_id" text NOT NULL,
	"staff_id" text NOT NULL,
	"device_id" text NOT NULL,
	"location_id" text NOT NULL,
	"business_day" text NOT NULL,
	"count" integer NOT NULL,
	"used_count" integer NOT NULL,
	"cost_each_minor" integer NOT NULL,
	"leased_at" timestamp (3) with time zone NOT NULL,
	"returned_at" timestamp (3) with time zone,
	CONSTRAINT "leases_merchant_id_lease_id_pk" PRIMARY KEY("merchant_id","lease_id")
);
--> statement-breakpoint
CREATE TABLE "locations" (
	"merchant_id" text NOT NULL,
	"location_id" text NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"cut_off_minutes" integer NOT NULL,
	"day_floor" text,
	"join_code" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "locations_merchant_id_location_id_pk" PRIMARY KEY("merchant_id","location_id")
);
--> statement-breakpoint
CREATE TABLE "merchants" (
	"merchant_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"currency" text NOT NULL,
	"week_starts_on" integer NOT NULL,
	"visit_minutes" integer NOT NULL,
	"cool_down_days" integer NOT NULL,
	"is_made_up" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "program_versions" (
	"merchant_id" text NOT NULL,
	"program_id" text NOT NULL,
	"version" integer NOT NULL,
	"stamps_required" integer NOT NULL,
	"reward_name" text NOT NULL,
	"reward_cost_minor" integer,
	"accrual" jsonb NOT NULL,
	"expiry_days" integer,
	"colour" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "program_versions_merchant_id_program_id_version_pk" PRIMARY KEY("merchant_id","program_id","version")
);
--> statement-breakpoint
CREATE TABLE "programs" (
	"merchant_id" text NOT NULL,
	"program_id" text NOT NULL,
	"name" text NOT NULL,
	"current_version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "programs_merchant_id_program_id_pk" PRIMARY KEY("merchant_id","program_id")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"merchant_id" text NOT NULL,
	"refund_id" text NOT NULL,
	"sale_id" text NOT NULL,
	"reference" text,
	"staff_id" text,
	"refunded_at" timestamp (3) with time zone NOT NULL,
	"business_day" text NOT NULL,
	"amount_minor" integer NOT NULL,
	"reversed_stamps" integer NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "refunds_merchant_id_refund_id_pk" PRIMARY KEY("merchant_id","refund_id")
);
--> statement-breakpoint
CREATE TABLE "rewards" (
	"merchant_id" text NOT NULL,
	"reward_id" text NOT NULL,
	"card_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"stamps" integer NOT NULL,
	"status" text NOT NULL,
	"earned_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"gesture_id" text,
	"redeemed_at" timestamp (3) with time zone,
	"sale_id" text,
	"covered_minor" integer,
	CONSTRAINT "rewards_merchant_id_reward_id_pk" PRIMARY KEY("merchant_id","reward_id")
);
--> statement-breakpoint
CREATE TABLE "sales" (
	"merchant_id" text NOT NULL,
	"sale_id" text NOT NULL,
	"source" text NOT NULL,
	"reference" text,
	"location_id" text NOT NULL,
	"device_id" text,
	"staff_id" text,
	"customer_id" text,
	"card_id" text,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"business_day" text NOT NULL,
	"total_minor" integer NOT NULL,
	"lines" jsonb NOT NULL,
	"stamps_earned" integer NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "sales_merchant_id_sale_id_pk" PRIMARY KEY("merchant_id","sale_id")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"merchant_id" text NOT NULL,
	"session_id" text NOT NULL,
	"staff_id" text NOT NULL,
	"device_id" text,
	"signed_in_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "sessions_merchant_id_session_id_pk" PRIMARY KEY("merchant_id","session_id")
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"merchant_id" text NOT NULL,
	"staff_id" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"email" text,
	"password_hash" text,
	"pin_hash" text,
	"location_id" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "staff_merchant_id_staff_id_pk" PRIMARY KEY("merchant_id","staff_id")
);
--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_merchant_id_customer_id_customers_merchant_id_customer_id_fk" FOREIGN KEY ("merchant_id","customer_id") REFERENCES "public"."customers"("merchant_id","customer_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cards" ADD CONSTRAINT "cards_merchant_id_program_id_program_version_program_versions_merchant_id_program_id_version_fk" FOREIGN KEY ("merchant_id","program_id","program_version") REFERENCES "public"."program_versions"("merchant_id","program_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chain_heads" ADD CONSTRAINT "chain_heads_merchant_id_merchants_merchant_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_references" ADD CONSTRAINT "customer_references_merchant_id_card_id_cards_merchant_id_card_id_fk" FOREIGN KEY ("merchant_id","card_id") REFERENCES "public"."cards"("merchant_id","card_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_merchant_id_staff_id_staff_merchant_id_staff_id_fk" FOREIGN KEY ("merchant_id","staff_id") REFERENCES "public"."staff"("merchant_id","staff_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_merchant_id_location_id_locations_merchant_id_location_id_fk" FOREIGN KEY ("merchant_id","location_id") REFERENCES "public"."locations"("merchant_id","location_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_merchant_id_location_id_locations_merchant_id_location_id_fk" FOREIGN KEY ("merchant_id","location_id") REFERENCES "public"."locations"("merchant_id","location_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "entries" ADD CONSTRAINT "entries_merchant_id_card_id_cards_merchant_id_card_id_fk" FOREIGN KEY ("merchant_id","card_id") REFERENCES "public"."cards"("merchant_id","card_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gestures" ADD CONSTRAINT "gestures_merchant_id_card_id_cards_merchant_id_card_id_fk" FOREIGN KEY ("merchant_id","card_id") REFERENCES "public"."cards"("merchant_id","card_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "gestures" ADD CONSTRAINT "gestures_merchant_id_staff_id_staff_merchant_id_staff_id_fk" FOREIGN KEY ("merchant_id","staff_id") REFERENCES "public"."staff"("merchant_id","staff_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "items" ADD CONSTRAINT "items_merchant_id_merchants_merchant_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leases" ADD CONSTRAINT "leases_merchant_id_staff_id_staff_merchant_id_staff_id_fk" FOREIGN KEY ("merchant_id","staff_id") REFERENCES "public"."staff"("merchant_id","staff_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "leases" ADD CONSTRAINT "leases_merchant_id_device_id_devices_merchant_id_device_id_fk" FOREIGN KEY ("merchant_id","device_id") REFERENCES "public"."devices"("merchant_id","device_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "locations" ADD CONSTRAINT "locations_merchant_id_merchants_merchant_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "program_versions" ADD CONSTRAINT "program_versions_merchant_id_program_id_programs_merchant_id_program_id_fk" FOREIGN KEY ("merchant_id","program_id") REFERENCES "public"."programs"("merchant_id","program_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "programs" ADD CONSTRAINT "programs_merchant_id_merchants_merchant_id_fk" FOREIGN KEY ("merchant_id") REFERENCES "public"."merchants"("merchant_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_merchant_id_sale_id_sales_merchant_id_sale_id_fk" FOREIGN KEY ("merchant_id","sale_id") REFERENCES "public"."sales"("merchant_id","sale_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rewards" ADD CONSTRAINT "rewards_merchant_id_card_id_cards_merchant_id_card_id_fk" FOREIGN KEY ("merchant_id","card_id") REFERENCES "public"."cards"("merchant_id","card_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sales" ADD CONSTRAINT "sales_merchant_id_location_id_locations_merchant_id_location_id_fk" FOREIGN KEY ("merchant_id","location_id") REFERENCES "public"."locations"("merchant_id","location_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_merchant_id_staff_id_staff_merchant_id_staff_id_fk" FOREIGN KEY ("merchant_id","staff_id") REFERENCES "public"."staff"("merchant_id","staff_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_merchant_id_device_id_devices_merchant_id_device_id_fk" FOREIGN KEY ("merchant_id","device_id") REFERENCES "public"."devices"("merchant_id","device_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff" ADD CONSTRAINT "staff_merchant_id_location_id_locations_merchant_id_location_id_fk" FOREIGN KEY ("merchant_id","location_id") REFERENCES "public"."locations"("merchant_id","location_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "allowances_by_subject" ON "allowances" USING btree ("merchant_id","scope","subject_id","period");--> statement-breakpoint
CREATE INDEX "answers_to_forget" ON "answers" USING btree ("answered_at") WHERE body is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "cards_by_code" ON "cards" USING btree ("merchant_id","code_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "cards_by_short_code" ON "cards" USING btree ("merchant_id","short_code");--> statement-breakpoint
CREATE INDEX "cards_by_customer" ON "cards" USING btree ("merchant_id","customer_id");--> statement-breakpoint
CREATE INDEX "cards_by_secret" ON "cards" USING btree ("secret_hash");--> statement-breakpoint
CREATE INDEX "enrolments_by_code" ON "enrolments" USING btree ("code_hash");--> statement-breakpoint
CREATE INDEX "entries_by_card" ON "entries" USING btree ("merchant_id","card_id","sequence");--> statement-breakpoint
CREATE INDEX "gestures_by_customer" ON "gestures" USING btree ("merchant_id","customer_id","given_at");--> statement-breakpoint
CREATE INDEX "gestures_by_instant" ON "gestures" USING btree ("merchant_id","given_at");--> statement-breakpoint
CREATE UNIQUE INDEX "locations_by_join_code" ON "locations" USING btree ("merchant_id","join_code");--> statement-breakpoint
CREATE INDEX "refunds_by_sale" ON "refunds" USING btree ("merchant_id","sale_id");--> statement-breakpoint
CREATE INDEX "rewards_by_card" ON "rewards" USING btree ("merchant_id","card_id","reward_id");--> statement-breakpoint
CREATE INDEX "rewards_by_sale" ON "rewards" USING btree ("merchant_id","sale_id") WHERE sale_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "sales_by_reference" ON "sales" USING btree ("merchant_id","source","reference") WHERE reference is not null;--> statement-breakpoint
CREATE INDEX "sales_by_customer" ON "sales" USING btree ("merchant_id","customer_id","occurred_at");--> statement-breakpoint
CREATE INDEX "sessions_by_staff" ON "sessions" USING btree ("merchant_id","staff_id");--> statement-breakpoint
CREATE UNIQUE INDEX "staff_by_email" ON "staff" USING btree ("merchant_id","email");