-- Names and aliases of products are unique together, whatever their width, case and spaces: one table holds both.
CREATE TABLE "product_label" (
    "organization_id" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "product_id" UUID NOT NULL,

    CONSTRAINT "product_label_pkey" PRIMARY KEY ("organization_id","label")
);

CREATE INDEX "product_label_product_id_idx" ON "product_label"("product_id");

ALTER TABLE "product_label" ADD CONSTRAINT "product_label_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- The label says it: a new name that another product had a moment ago must not be refused by the old rule.
DROP INDEX "product_organization_id_name_key";
CREATE INDEX "product_organization_id_name_id_idx" ON "product"("organization_id", "name", "id");
