"""What all pages share: layout, navigation, the permission check, charts."""
