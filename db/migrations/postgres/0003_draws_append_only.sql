-- A draw that was made stays as it was made.
CREATE TRIGGER "draws_append_only" BEFORE UPDATE OR DELETE ON "draws" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "draws_no_truncate" BEFORE TRUNCATE ON "draws" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
