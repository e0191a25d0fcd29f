"""People: pupils, staff, class log-ins; their groups and roles."""
