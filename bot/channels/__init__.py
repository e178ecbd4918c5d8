"""Where messages come in and replies go out: REST, the chat page, Slack, Telegram."""
