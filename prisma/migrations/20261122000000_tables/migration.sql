-- CreateEnum
CREATE TYPE "CustomerKind" AS ENUM ('COMPANY', 'PERSON');

-- CreateEnum
CREATE TYPE "Grade" AS ENUM ('A', 'B', 'C', 'D');

-- CreateEnum
CREATE TYPE "LifecycleStage" AS ENUM ('POTENTIAL', 'DEVELOPING', 'FIRST_DEAL', 'ACTIVE', 'LOYAL', 'AT_RISK', 'LOST');

-- CreateEnum
CREATE TYPE "ActivityKind" AS ENUM ('CALL', 'VISIT', 'MESSAGE', 'MEETING', 'NOTE');

-- CreateEnum
CREATE TYPE "StageKind" AS ENUM ('OPEN', 'WON', 'LOST');

-- CreateEnum
CREATE TYPE "OpportunityStatus" AS ENUM ('OPEN', 'WON', 'LOST');

-- CreateEnum
CREATE TYPE "ContestantKind" AS ENUM ('MEMBERS', 'TEAMS');

-- CreateEnum
CREATE TYPE "TeamBasis" AS ENUM ('AS_IT_WAS', 'AS_IT_IS');

-- CreateEnum
CREATE TYPE "RankingMethod" AS ENUM ('STANDARD', 'DENSE', 'ORDINAL');

-- CreateEnum
CREATE TYPE "TieBreak" AS ENUM ('FIRST_TO_REACH', 'SECOND_MEASURE', 'NONE');

-- CreateEnum
CREATE TYPE "Audience" AS ENUM ('ORGANIZATION', 'SCOPE_TEAM', 'CONTESTANTS', 'ROLES');

-- CreateEnum
CREATE TYPE "ValuePrivacy" AS ENUM ('FULL', 'PROGRESS', 'RANK_ONLY');

-- CreateEnum
CREATE TYPE "NamePrivacy" AS ENUM ('FULL', 'MASKED');

-- CreateEnum
CREATE TYPE "MeasureKind" AS ENUM ('VALUE', 'PERCENT_OF_TARGET');

-- CreateEnum
CREATE TYPE "MeetingStatus" AS ENUM ('SCHEDULED', 'HELD', 'CANCELLED');

-- CreateEnum
CREATE TYPE "Attendance" AS ENUM ('PRESENT', 'LATE', 'ABSENT', 'EXCUSED');

-- CreateEnum
CREATE TYPE "PeriodUnit" AS ENUM ('DAY', 'WEEK', 'TEN_DAYS', 'MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR', 'FISCAL_MONTH', 'FISCAL_QUARTER', 'FISCAL_YEAR', 'ALL_TIME');

-- CreateEnum
CREATE TYPE "MetricVersionState" AS ENUM ('BUILDING', 'ACTIVE', 'SUPERSEDED');

-- CreateEnum
CREATE TYPE "RollupKind" AS ENUM ('MEMBER', 'TEAM');

-- CreateEnum
CREATE TYPE "TokenKind" AS ENUM ('SESSION', 'API', 'DISPLAY');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('ADMIN', 'MANAGER', 'MEMBER');

-- CreateEnum
CREATE TYPE "DataScope" AS ENUM ('OWN', 'TEAM', 'TEAM_TREE', 'ORGANIZATION');

-- CreateEnum
CREATE TYPE "TaskStatus" AS ENUM ('OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED');

-- CreateEnum
CREATE TYPE "Priority" AS ENUM ('LOW', 'NORMAL', 'HIGH', 'URGENT');

-- CreateEnum
CREATE TYPE "Difficulty" AS ENUM ('EASY', 'NORMAL', 'HARD');

-- CreateEnum
CREATE TYPE "Importance" AS ENUM ('SMALL', 'BIG', 'MAJOR');

-- CreateTable
CREATE TABLE "product" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "external_id" TEXT,
    "name" TEXT NOT NULL,
    "series" TEXT,
    "list_price" DECIMAL(20,4),
    "aliases" TEXT[],
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comment" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "record_type" TEXT NOT NULL,
    "record_id" UUID NOT NULL,
    "author_id" UUID NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "edited_at" TIMESTAMPTZ(3),

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "external_id" TEXT,
    "kind" "CustomerKind" NOT NULL,
    "name" TEXT NOT NULL,
    "industry" TEXT,
    "region" TEXT,
    "source" TEXT,
    "grade" "Grade",
    "lifecycle" "LifecycleStage" NOT NULL,
    "tags" TEXT[],
    "phones" TEXT[],
    "emails" TEXT[],
    "address" TEXT,
    "founded_year" INTEGER,
    "employees" INTEGER,
    "annual_revenue" DECIMAL(20,4),
    "parent_id" UUID,
    "owner_id" UUID NOT NULL,
    "search_grams" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "last_activity_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),
    "archived_as_mistake" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer_ownership" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "customer_ownership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lifecycle_change" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "stage" "LifecycleStage" NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "lifecycle_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "external_id" TEXT,
    "customer_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "post" TEXT,
    "role" TEXT,
    "phones" TEXT[],
    "emails" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "contact_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activity" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "contact_id" UUID,
    "author_id" UUID NOT NULL,
    "kind" "ActivityKind" NOT NULL,
    "method" TEXT,
    "result" TEXT,
    "body" TEXT,
    "happened_at" TIMESTAMPTZ(3) NOT NULL,
    "next_follow_up_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "activity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "log_head" (
    "organization_id" UUID NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "logged_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_before" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "log_head_pkey" PRIMARY KEY ("organization_id")
);

-- CreateTable
CREATE TABLE "log_epoch" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" UUID NOT NULL,

    CONSTRAINT "log_epoch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event" (
    "organization_id" UUID NOT NULL,
    "position" BIGINT NOT NULL,
    "logged_at" TIMESTAMPTZ(3) NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "type" TEXT NOT NULL,
    "version" SMALLINT NOT NULL,
    "record_type" TEXT NOT NULL,
    "record_id" UUID NOT NULL,
    "record_version" INTEGER,
    "actor_id" UUID,
    "payload" JSONB NOT NULL,
    "visibility" JSONB NOT NULL,

    CONSTRAINT "event_pkey" PRIMARY KEY ("organization_id","position","logged_at")
) PARTITION BY RANGE ("logged_at");

-- CreateTable
CREATE TABLE "idempotency_key" (
    "organization_id" UUID NOT NULL,
    "caller_key" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "outcome" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("organization_id","caller_key","mutation","key")
);

-- CreateTable
CREATE TABLE "funnel" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "external_id" TEXT,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "funnel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "funnel_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "StageKind" NOT NULL,
    "probability" DECIMAL(5,4) NOT NULL,
    "limit_days" INTEGER,
    "required_fields" TEXT[],
    "steps" TEXT,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "stage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "opportunity" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "external_id" TEXT,
    "name" TEXT NOT NULL,
    "customer_id" UUID,
    "product_id" UUID,
    "owner_id" UUID NOT NULL,
    "funnel_id" UUID NOT NULL,
    "stage_id" UUID NOT NULL,
    "status" "OpportunityStatus" NOT NULL,
    "amount" DECIMAL(20,4),
    "won_amount" DECIMAL(20,4),
    "expected_close_on" DATE,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "stage_entered_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    "loss_reason" TEXT,
    "credited_to_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),
    "archived_as_mistake" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "opportunity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage_change" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "opportunity_id" UUID NOT NULL,
    "stage_id" UUID NOT NULL,
    "status" "OpportunityStatus" NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stage_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "opportunity_amount" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "opportunity_id" UUID NOT NULL,
    "amount" DECIMAL(20,4),
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "opportunity_amount_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "opportunity_ownership" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "opportunity_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "opportunity_ownership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leaderboard" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "contestants" "ContestantKind" NOT NULL,
    "scope_team_id" UUID,
    "teams" "TeamBasis" NOT NULL,
    "team_depth" INTEGER NOT NULL DEFAULT 1,
    "period_unit" "PeriodUnit" NOT NULL,
    "ranking" "RankingMethod" NOT NULL,
    "tie_break" "TieBreak" NOT NULL,
    "audience" "Audience" NOT NULL,
    "audience_roles" "Role"[],
    "values" "ValuePrivacy" NOT NULL,
    "names" "NamePrivacy" NOT NULL,
    "competing_roles" "Role"[],
    "show_zero" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "leaderboard_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leaderboard_measure" (
    "leaderboard_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "metric_id" UUID NOT NULL,
    "kind" "MeasureKind" NOT NULL,
    "weight" DECIMAL(20,4) NOT NULL,

    CONSTRAINT "leaderboard_measure_pkey" PRIMARY KEY ("leaderboard_id","ordinal")
);

-- CreateTable
CREATE TABLE "period_closing" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "position" BIGINT,
    "closed_before" TIMESTAMPTZ(3),
    "reason" TEXT,
    "by_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "period_closing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting_kind" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rhythm" TEXT,
    "agenda" JSONB NOT NULL,
    "default_minutes" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "meeting_kind_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "meeting" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "kind_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "host_id" UUID NOT NULL,
    "team_id" UUID,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "place" TEXT,
    "status" "MeetingStatus" NOT NULL,
    "minutes" TEXT,
    "minutes_by_id" UUID,
    "minutes_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID,

    CONSTRAINT "meeting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "agenda_item" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "meeting_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "topic" TEXT NOT NULL,
    "presenter_id" UUID,
    "minutes" INTEGER,

    CONSTRAINT "agenda_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "organization_id" UUID NOT NULL,
    "meeting_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "attendance" "Attendance",
    "recorded_at" TIMESTAMPTZ(3),
    "recorded_by_id" UUID,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("meeting_id","member_id")
);

-- CreateTable
CREATE TABLE "metric" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "metric_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "metric_version" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "metric_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "definition" JSONB NOT NULL,
    "grains" "PeriodUnit"[],
    "state" "MetricVersionState" NOT NULL,
    "built_to" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "metric_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_path" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "team_ids" UUID[],

    CONSTRAINT "team_path_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "score_entry" (
    "organization_id" UUID NOT NULL,
    "metric_version_id" UUID NOT NULL,
    "position" BIGINT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "subject" TEXT NOT NULL,
    "member_id" UUID NOT NULL,
    "team_path_id" UUID NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "counts_at" TIMESTAMPTZ(3) NOT NULL,
    "originally_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "reverses_position" BIGINT,
    "reverses_ordinal" INTEGER,

    CONSTRAINT "score_entry_pkey" PRIMARY KEY ("organization_id","metric_version_id","position","ordinal")
);

-- CreateTable
CREATE TABLE "rollup" (
    "organization_id" UUID NOT NULL,
    "metric_version_id" UUID NOT NULL,
    "grain" "PeriodUnit" NOT NULL,
    "bucket" DATE NOT NULL,
    "kind" "RollupKind" NOT NULL,
    "contestant_id" UUID NOT NULL,
    "team_path_id" UUID NOT NULL,
    "amount" DECIMAL(20,4) NOT NULL,
    "entries" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "reached_at" TIMESTAMPTZ(3),

    CONSTRAINT "rollup_pkey" PRIMARY KEY ("organization_id","metric_version_id","grain","bucket","kind","contestant_id","team_path_id")
);

-- CreateTable
CREATE TABLE "organization" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "first_day_of_week" INTEGER NOT NULL,
    "fiscal_month_end" INTEGER NOT NULL,
    "fiscal_year_start_month" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organization_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_token" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "kind" "TokenKind" NOT NULL,
    "name" TEXT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "member_id" UUID,
    "grants" TEXT[],
    "origins" TEXT[],
    "leaderboard_ids" UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by_id" UUID,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "name" TEXT NOT NULL,
    "external_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_parentage" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "parent_id" UUID NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "team_parentage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team_leadership" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "team_leadership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "employee_number" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "title" TEXT,
    "hired_on" DATE,
    "role" "Role" NOT NULL,
    "data_scope" "DataScope" NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "deactivated_at" TIMESTAMPTZ(3),
    "external_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "team_id" UUID NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "member_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "password_hash" TEXT NOT NULL,
    "must_change" BOOLEAN NOT NULL DEFAULT false,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "last_failure_at" TIMESTAMPTZ(3),
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "credential_pkey" PRIMARY KEY ("member_id")
);

-- CreateTable
CREATE TABLE "target" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "metric_id" UUID NOT NULL,
    "member_id" UUID,
    "team_id" UUID,
    "contestant_id" UUID NOT NULL,
    "unit" "PeriodUnit" NOT NULL,
    "bucket" DATE NOT NULL,
    "value" DECIMAL(20,4) NOT NULL,
    "set_by_id" UUID,
    "set_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "target_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "title" TEXT NOT NULL,
    "description" TEXT,
    "status" "TaskStatus" NOT NULL,
    "priority" "Priority" NOT NULL,
    "difficulty" "Difficulty" NOT NULL,
    "importance" "Importance" NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "assignee_id" UUID,
    "creator_id" UUID NOT NULL,
    "customer_id" UUID,
    "opportunity_id" UUID,
    "meeting_id" UUID,
    "completed_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_watcher" (
    "organization_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "member_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_watcher_pkey" PRIMARY KEY ("task_id","member_id")
);

-- CreateTable
CREATE TABLE "checklist_item" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "checked_at" TIMESTAMPTZ(3),
    "checked_by_id" UUID,

    CONSTRAINT "checklist_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_status_change" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "status" "TaskStatus" NOT NULL,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "task_status_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_assignment" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "member_id" UUID,
    "from" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "by_id" UUID,

    CONSTRAINT "task_assignment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "product_organization_id_external_id_key" ON "product"("organization_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "product_organization_id_name_key" ON "product"("organization_id", "name");

-- CreateIndex
CREATE INDEX "comment_organization_id_record_type_record_id_created_at_id_idx" ON "comment"("organization_id", "record_type", "record_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "customer_organization_id_name_id_idx" ON "customer"("organization_id", "name", "id");

-- CreateIndex
CREATE INDEX "customer_organization_id_created_at_id_idx" ON "customer"("organization_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "customer_organization_id_owner_id_idx" ON "customer"("organization_id", "owner_id");

-- CreateIndex
CREATE INDEX "customer_search_grams_idx" ON "customer" USING GIN ("search_grams");

-- CreateIndex
CREATE UNIQUE INDEX "customer_organization_id_external_id_key" ON "customer"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "customer_ownership_organization_id_customer_id_idx" ON "customer_ownership"("organization_id", "customer_id");

-- CreateIndex
CREATE INDEX "customer_ownership_organization_id_member_id_idx" ON "customer_ownership"("organization_id", "member_id");

-- CreateIndex
CREATE INDEX "lifecycle_change_organization_id_customer_id_idx" ON "lifecycle_change"("organization_id", "customer_id");

-- CreateIndex
CREATE INDEX "contact_organization_id_customer_id_name_id_idx" ON "contact"("organization_id", "customer_id", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "contact_organization_id_external_id_key" ON "contact"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "activity_organization_id_customer_id_happened_at_id_idx" ON "activity"("organization_id", "customer_id", "happened_at", "id");

-- CreateIndex
CREATE INDEX "activity_organization_id_author_id_happened_at_idx" ON "activity"("organization_id", "author_id", "happened_at");

-- CreateIndex
CREATE INDEX "activity_organization_id_happened_at_id_idx" ON "activity"("organization_id", "happened_at", "id");

-- CreateIndex
CREATE INDEX "event_organization_id_record_id_position_idx" ON "event"("organization_id", "record_id", "position");

-- CreateIndex
CREATE INDEX "event_organization_id_type_position_idx" ON "event"("organization_id", "type", "position");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "funnel_organization_id_external_id_key" ON "funnel"("organization_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "funnel_organization_id_name_key" ON "funnel"("organization_id", "name");

-- CreateIndex
CREATE INDEX "stage_organization_id_funnel_id_ordinal_idx" ON "stage"("organization_id", "funnel_id", "ordinal");

-- CreateIndex
CREATE INDEX "opportunity_organization_id_created_at_id_idx" ON "opportunity"("organization_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "opportunity_organization_id_status_closed_at_id_idx" ON "opportunity"("organization_id", "status", "closed_at", "id");

-- CreateIndex
CREATE INDEX "opportunity_organization_id_owner_id_status_idx" ON "opportunity"("organization_id", "owner_id", "status");

-- CreateIndex
CREATE INDEX "opportunity_organization_id_customer_id_idx" ON "opportunity"("organization_id", "customer_id");

-- CreateIndex
CREATE INDEX "opportunity_organization_id_funnel_id_stage_id_idx" ON "opportunity"("organization_id", "funnel_id", "stage_id");

-- CreateIndex
CREATE UNIQUE INDEX "opportunity_organization_id_external_id_key" ON "opportunity"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "stage_change_organization_id_opportunity_id_from_idx" ON "stage_change"("organization_id", "opportunity_id", "from");

-- CreateIndex
CREATE INDEX "stage_change_organization_id_stage_id_from_idx" ON "stage_change"("organization_id", "stage_id", "from");

-- CreateIndex
CREATE INDEX "opportunity_amount_organization_id_opportunity_id_idx" ON "opportunity_amount"("organization_id", "opportunity_id");

-- CreateIndex
CREATE INDEX "opportunity_ownership_organization_id_opportunity_id_idx" ON "opportunity_ownership"("organization_id", "opportunity_id");

-- CreateIndex
CREATE INDEX "opportunity_ownership_organization_id_member_id_idx" ON "opportunity_ownership"("organization_id", "member_id");

-- CreateIndex
CREATE INDEX "leaderboard_organization_id_name_id_idx" ON "leaderboard"("organization_id", "name", "id");

-- CreateIndex
CREATE INDEX "leaderboard_measure_organization_id_metric_id_idx" ON "leaderboard_measure"("organization_id", "metric_id");

-- CreateIndex
CREATE INDEX "period_closing_organization_id_at_idx" ON "period_closing"("organization_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "meeting_kind_organization_id_key_key" ON "meeting_kind"("organization_id", "key");

-- CreateIndex
CREATE INDEX "meeting_organization_id_starts_at_id_idx" ON "meeting"("organization_id", "starts_at", "id");

-- CreateIndex
CREATE INDEX "meeting_organization_id_host_id_idx" ON "meeting"("organization_id", "host_id");

-- CreateIndex
CREATE INDEX "agenda_item_organization_id_meeting_id_ordinal_idx" ON "agenda_item"("organization_id", "meeting_id", "ordinal");

-- CreateIndex
CREATE INDEX "invitation_organization_id_member_id_idx" ON "invitation"("organization_id", "member_id");

-- CreateIndex
CREATE UNIQUE INDEX "metric_organization_id_key_key" ON "metric"("organization_id", "key");

-- CreateIndex
CREATE INDEX "metric_version_organization_id_state_idx" ON "metric_version"("organization_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "metric_version_metric_id_number_key" ON "metric_version"("metric_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "team_path_organization_id_team_ids_key" ON "team_path"("organization_id", "team_ids");

-- CreateIndex
CREATE INDEX "score_entry_organization_id_metric_version_id_subject_idx" ON "score_entry"("organization_id", "metric_version_id", "subject");

-- CreateIndex
CREATE INDEX "score_entry_organization_id_metric_version_id_member_id_cou_idx" ON "score_entry"("organization_id", "metric_version_id", "member_id", "counts_at");

-- CreateIndex
CREATE INDEX "score_entry_organization_id_metric_version_id_counts_at_idx" ON "score_entry"("organization_id", "metric_version_id", "counts_at");

-- CreateIndex
CREATE UNIQUE INDEX "organization_key_key" ON "organization"("key");

-- CreateIndex
CREATE UNIQUE INDEX "access_token_token_hash_key" ON "access_token"("token_hash");

-- CreateIndex
CREATE INDEX "access_token_organization_id_kind_created_at_idx" ON "access_token"("organization_id", "kind", "created_at");

-- CreateIndex
CREATE INDEX "access_token_member_id_idx" ON "access_token"("member_id");

-- CreateIndex
CREATE INDEX "team_organization_id_name_id_idx" ON "team"("organization_id", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "team_organization_id_external_id_key" ON "team"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "team_parentage_organization_id_team_id_idx" ON "team_parentage"("organization_id", "team_id");

-- CreateIndex
CREATE INDEX "team_parentage_organization_id_parent_id_idx" ON "team_parentage"("organization_id", "parent_id");

-- CreateIndex
CREATE INDEX "team_leadership_organization_id_team_id_idx" ON "team_leadership"("organization_id", "team_id");

-- CreateIndex
CREATE INDEX "team_leadership_organization_id_member_id_idx" ON "team_leadership"("organization_id", "member_id");

-- CreateIndex
CREATE INDEX "member_organization_id_name_id_idx" ON "member"("organization_id", "name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "member_organization_id_employee_number_key" ON "member"("organization_id", "employee_number");

-- CreateIndex
CREATE UNIQUE INDEX "member_organization_id_external_id_key" ON "member"("organization_id", "external_id");

-- CreateIndex
CREATE INDEX "membership_organization_id_member_id_idx" ON "membership"("organization_id", "member_id");

-- CreateIndex
CREATE INDEX "membership_organization_id_team_id_idx" ON "membership"("organization_id", "team_id");

-- CreateIndex
CREATE INDEX "target_organization_id_member_id_idx" ON "target"("organization_id", "member_id");

-- CreateIndex
CREATE INDEX "target_organization_id_team_id_idx" ON "target"("organization_id", "team_id");

-- CreateIndex
CREATE UNIQUE INDEX "target_organization_id_metric_id_unit_bucket_contestant_id_key" ON "target"("organization_id", "metric_id", "unit", "bucket", "contestant_id");

-- CreateIndex
CREATE INDEX "task_organization_id_created_at_id_idx" ON "task"("organization_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "task_organization_id_due_at_id_idx" ON "task"("organization_id", "due_at", "id");

-- CreateIndex
CREATE INDEX "task_organization_id_assignee_id_status_idx" ON "task"("organization_id", "assignee_id", "status");

-- CreateIndex
CREATE INDEX "task_organization_id_creator_id_idx" ON "task"("organization_id", "creator_id");

-- CreateIndex
CREATE INDEX "task_organization_id_customer_id_idx" ON "task"("organization_id", "customer_id");

-- CreateIndex
CREATE INDEX "task_organization_id_opportunity_id_idx" ON "task"("organization_id", "opportunity_id");

-- CreateIndex
CREATE INDEX "task_organization_id_meeting_id_idx" ON "task"("organization_id", "meeting_id");

-- CreateIndex
CREATE INDEX "task_watcher_organization_id_member_id_idx" ON "task_watcher"("organization_id", "member_id");

-- CreateIndex
CREATE INDEX "checklist_item_organization_id_task_id_ordinal_idx" ON "checklist_item"("organization_id", "task_id", "ordinal");

-- CreateIndex
CREATE INDEX "task_status_change_organization_id_task_id_idx" ON "task_status_change"("organization_id", "task_id");

-- CreateIndex
CREATE INDEX "task_assignment_organization_id_task_id_idx" ON "task_assignment"("organization_id", "task_id");

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "customer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer" ADD CONSTRAINT "customer_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_ownership" ADD CONSTRAINT "customer_ownership_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lifecycle_change" ADD CONSTRAINT "lifecycle_change_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact" ADD CONSTRAINT "contact_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_contact_id_fkey" FOREIGN KEY ("contact_id") REFERENCES "contact"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stage" ADD CONSTRAINT "stage_funnel_id_fkey" FOREIGN KEY ("funnel_id") REFERENCES "funnel"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opportunity" ADD CONSTRAINT "opportunity_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opportunity" ADD CONSTRAINT "opportunity_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opportunity" ADD CONSTRAINT "opportunity_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opportunity" ADD CONSTRAINT "opportunity_funnel_id_fkey" FOREIGN KEY ("funnel_id") REFERENCES "funnel"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opportunity" ADD CONSTRAINT "opportunity_stage_id_fkey" FOREIGN KEY ("stage_id") REFERENCES "stage"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stage_change" ADD CONSTRAINT "stage_change_opportunity_id_fkey" FOREIGN KEY ("opportunity_id") REFERENCES "opportunity"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stage_change" ADD CONSTRAINT "stage_change_stage_id_fkey" FOREIGN KEY ("stage_id") REFERENCES "stage"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opportunity_amount" ADD CONSTRAINT "opportunity_amount_opportunity_id_fkey" FOREIGN KEY ("opportunity_id") REFERENCES "opportunity"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "opportunity_ownership" ADD CONSTRAINT "opportunity_ownership_opportunity_id_fkey" FOREIGN KEY ("opportunity_id") REFERENCES "opportunity"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "leaderboard" ADD CONSTRAINT "leaderboard_scope_team_id_fkey" FOREIGN KEY ("scope_team_id") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "leaderboard_measure" ADD CONSTRAINT "leaderboard_measure_leaderboard_id_fkey" FOREIGN KEY ("leaderboard_id") REFERENCES "leaderboard"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "leaderboard_measure" ADD CONSTRAINT "leaderboard_measure_metric_id_fkey" FOREIGN KEY ("metric_id") REFERENCES "metric"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_kind_id_fkey" FOREIGN KEY ("kind_id") REFERENCES "meeting_kind"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_host_id_fkey" FOREIGN KEY ("host_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "meeting" ADD CONSTRAINT "meeting_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agenda_item" ADD CONSTRAINT "agenda_item_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meeting"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "agenda_item" ADD CONSTRAINT "agenda_item_presenter_id_fkey" FOREIGN KEY ("presenter_id") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meeting"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric_version" ADD CONSTRAINT "metric_version_metric_id_fkey" FOREIGN KEY ("metric_id") REFERENCES "metric"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_token" ADD CONSTRAINT "access_token_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_parentage" ADD CONSTRAINT "team_parentage_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_parentage" ADD CONSTRAINT "team_parentage_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_leadership" ADD CONSTRAINT "team_leadership_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team_leadership" ADD CONSTRAINT "team_leadership_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "target" ADD CONSTRAINT "target_metric_id_fkey" FOREIGN KEY ("metric_id") REFERENCES "metric"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "target" ADD CONSTRAINT "target_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "target" ADD CONSTRAINT "target_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_assignee_id_fkey" FOREIGN KEY ("assignee_id") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_creator_id_fkey" FOREIGN KEY ("creator_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_opportunity_id_fkey" FOREIGN KEY ("opportunity_id") REFERENCES "opportunity"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_meeting_id_fkey" FOREIGN KEY ("meeting_id") REFERENCES "meeting"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_watcher" ADD CONSTRAINT "task_watcher_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "task"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_watcher" ADD CONSTRAINT "task_watcher_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checklist_item" ADD CONSTRAINT "checklist_item_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "task"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_status_change" ADD CONSTRAINT "task_status_change_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "task"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task_assignment" ADD CONSTRAINT "task_assignment_task_id_fkey" FOREIGN KEY ("task_id") REFERENCES "task"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
