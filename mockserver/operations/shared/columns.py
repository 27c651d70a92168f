"""The columns of rows that several resources show, in the order in which Medusa writes them (tests/facts/carts.md 1)."""

SESSION = (
    "id", "created_at", "updated_at", "cart_id", "provider_id", "is_selected", "is_initiated", "status", "data",
    "idempotency_key", "amount", "payment_authorized_at",
)  # fmt: skip
ADDRESS = (
    "id", "created_at", "updated_at", "deleted_at", "customer_id", "company", "first_name", "last_name", "address_1",
    "address_2", "city", "country_code", "province", "postal_code", "phone", "metadata",
)  # fmt: skip
CUSTOMER = (
    "id", "created_at", "updated_at", "deleted_at", "email", "first_name", "last_name", "billing_address_id", "phone",
    "has_account", "metadata",
)  # fmt: skip
DISCOUNT = (
    "id", "created_at", "updated_at", "deleted_at", "code", "is_dynamic", "rule_id", "is_disabled",
    "parent_discount_id", "starts_at", "ends_at", "valid_duration", "usage_limit", "usage_count", "metadata",
)  # fmt: skip
RULE = ("id", "created_at", "updated_at", "deleted_at", "description", "type", "value", "allocation", "metadata")
GIFT_CARD = (
    "id", "created_at", "updated_at", "deleted_at", "code", "value", "balance", "region_id", "order_id", "is_disabled",
    "ends_at", "tax_rate", "metadata",
)  # fmt: skip
PAYMENT = (
    "id", "created_at", "updated_at", "swap_id", "cart_id", "order_id", "amount", "currency_code", "amount_refunded",
    "provider_id", "data", "captured_at", "canceled_at", "metadata", "idempotency_key",
)  # fmt: skip
PROVIDER = ("id", "is_installed")
