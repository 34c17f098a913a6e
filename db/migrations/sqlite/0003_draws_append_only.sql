-- A draw that was made stays as it was made.
CREATE TRIGGER `draws_no_update` BEFORE UPDATE ON `draws` BEGIN SELECT RAISE(ABORT, 'the draws are append-only'); END;
--> statement-breakpoint
CREATE TRIGGER `draws_no_delete` BEFORE DELETE ON `draws` BEGIN SELECT RAISE(ABORT, 'the draws are append-only'); END;
