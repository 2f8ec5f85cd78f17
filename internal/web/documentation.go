package web

import "github.com/gofiber/fiber/v2"

// routesDocumentation are the description of the API, and the page to try it.
func (s *site) routesDocumentation(_ *fiber.App) {}
