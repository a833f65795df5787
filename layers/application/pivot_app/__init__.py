"""The application: everything of ours that is deployed, under one import root."""
