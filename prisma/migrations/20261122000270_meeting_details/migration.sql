-- AlterTable
ALTER TABLE "invitation" ADD COLUMN     "invited" BOOLEAN NOT NULL DEFAULT true;

-- AlterTable
ALTER TABLE "meeting_kind" ADD COLUMN     "description" TEXT,
ADD COLUMN     "usual_time" TEXT;
