-- Failed sign-ins are counted by what was typed, not by member: a name that nobody has is locked like a real one,
-- so that a lock does not tell which numbers exist.
ALTER TABLE "credential" DROP COLUMN "failures", DROP COLUMN "last_failure_at", DROP COLUMN "locked_until";

-- CreateTable
CREATE TABLE "sign_in_failure" (
    "name_hash" BYTEA NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_failure_at" TIMESTAMPTZ(3) NOT NULL,
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_failure_pkey" PRIMARY KEY ("name_hash")
);

-- CreateIndex
CREATE INDEX "sign_in_failure_last_failure_at_idx" ON "sign_in_failure"("last_failure_at");
