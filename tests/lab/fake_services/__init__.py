"""What makes the lab's real servers answer as AWS does: one asyncio process."""
