"""Any tracker over fixed scenes, measured, beside the bound."""
