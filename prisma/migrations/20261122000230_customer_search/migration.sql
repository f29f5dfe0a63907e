-- Grams as numbers, hashed with the organization: an index entry is of one organization, rows are smaller.
ALTER TABLE "customer" DROP COLUMN "search_grams",
  ADD COLUMN "search_grams" INTEGER[],
  ADD COLUMN "search_text" TEXT NOT NULL DEFAULT '';

-- Without the list of pending entries, which every search would have to read through after an import.
CREATE INDEX "customer_search_grams_idx" ON "customer" USING GIN ("search_grams") WITH (fastupdate = off);

CREATE INDEX "customer_organization_id_parent_id_idx" ON "customer"("organization_id", "parent_id");
CREATE INDEX "customer_organization_id_last_activity_at_id_idx" ON "customer"("organization_id", "last_activity_at", "id");
CREATE INDEX "customer_last_activity_desc_idx" ON "customer"("organization_id", "last_activity_at" DESC NULLS LAST, "id" DESC);

ALTER TABLE "activity" ADD COLUMN "retracted_at" TIMESTAMPTZ(3),
  ADD COLUMN "retracted_by_id" UUID;
