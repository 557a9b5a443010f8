"""What two drafts, several documents of one country, or several countries say differently."""
