-- CreateEnum
CREATE TYPE "HolidayCalendar" AS ENUM ('NONE', 'CHINA');

-- AlterTable
ALTER TABLE "organization" ADD COLUMN     "earlier_calendar" JSONB,
ADD COLUMN     "holiday_calendar" "HolidayCalendar" NOT NULL DEFAULT 'NONE',
ADD COLUMN     "weekend" INTEGER[] DEFAULT ARRAY[6, 7]::INTEGER[];

-- CreateTable
CREATE TABLE "working_day_exception" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "is_working_day" BOOLEAN,
    "name" TEXT,
    "set_at" TIMESTAMPTZ(3) NOT NULL,
    "set_by_id" UUID,
    "superseded_at" TIMESTAMPTZ(3),

    CONSTRAINT "working_day_exception_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "working_day_exception_organization_id_day_idx" ON "working_day_exception"("organization_id", "day");

-- What Prisma's schema cannot say.
CREATE UNIQUE INDEX working_day_exception_one_per_day ON working_day_exception (organization_id, day)
  WHERE superseded_at IS NULL;
ALTER TABLE organization ALTER COLUMN weekend SET NOT NULL,
  ADD CONSTRAINT organization_weekend_leaves_a_day CHECK (weekend <@ ARRAY[1, 2, 3, 4, 5, 6, 7] AND cardinality(weekend) <= 6);
