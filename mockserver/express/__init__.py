"""What Express and Medusa's outer layers do to bytes: headers, cookies, CORS, tags, pages, bodies, errors."""
