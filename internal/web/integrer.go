package web

import "github.com/gofiber/fiber/v2"

// routesIntegrer is the generator of the line that shows the map on another site.
func (s *site) routesIntegrer(_ *fiber.App) {}
