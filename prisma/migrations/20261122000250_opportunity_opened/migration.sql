-- CreateIndex
CREATE INDEX "opportunity_organization_id_opened_at_id_idx" ON "opportunity"("organization_id", "opened_at", "id");
