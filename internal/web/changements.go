package web

import "github.com/gofiber/fiber/v2"

// routesChangements are the Atom feeds.
func (s *site) routesChangements(_ *fiber.App) {}
