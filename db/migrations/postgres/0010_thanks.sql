CREATE TABLE "thanks" (
	"merchant_id" text NOT NULL,
	"gesture_id" text NOT NULL,
	"thanked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "thanks_merchant_id_gesture_id_pk" PRIMARY KEY("merchant_id","gesture_id")
);
--> statement-breakpoint
ALTER TABLE "thanks" ADD CONSTRAINT "thanks_merchant_id_gesture_id_gestures_merchant_id_gesture_id_fk" FOREIGN KEY ("merchant_id","gesture_id") REFERENCES "public"."gestures"("merchant_id","gesture_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "thanks_by_instant" ON "thanks" USING btree ("merchant_id","thanked_at");