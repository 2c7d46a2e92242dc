-- From layout 1 to 2, for a store that goes on: ownership has the dealer and the price of the sale.
-- What was valid before the night that fills them stays in ownership_past without.
ALTER TABLE ownership ADD COLUMN "dealer_code" TEXT;
ALTER TABLE ownership ADD COLUMN "price" TEXT;
ALTER TABLE ownership_past ADD COLUMN "dealer_code" TEXT;
ALTER TABLE ownership_past ADD COLUMN "price" TEXT;
UPDATE schema_version SET "version" = 2;
