"""What tests share: database servers, databases, a browser, a mail sink, a live server."""
