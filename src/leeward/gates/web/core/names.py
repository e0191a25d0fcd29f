"""Names of fields in the form in which they are compared. A table."""

# The names that nearly every message has, so that they needn't be lowered each time.
LOWER = {
    name.encode(): name.lower().encode()
    for name in (
        *("Host", "User-Agent", "Accept", "Accept-Encoding", "Accept-Language", "Connection", "Cookie", "Referer"),
        *("Content-Type", "Content-Length", "Transfer-Encoding", "Content-Encoding", "Date", "Server", "ETag"),
        *("Last-Modified", "Cache-Control", "Vary", "Expires", "Accept-Ranges", "Proxy-Connection", "Via", "Age"),
        *("Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Upgrade-Insecure-Requests"),
        *("If-None-Match", "If-Modified-Since", "Set-Cookie", "Alt-Svc", "Strict-Transport-Security", "Origin"),
    )
}
