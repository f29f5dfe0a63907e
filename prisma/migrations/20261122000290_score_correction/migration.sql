-- CreateTable
CREATE TABLE "score_correction" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "by_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "score_correction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "score_correction_organization_id_at_idx" ON "score_correction"("organization_id", "at");
