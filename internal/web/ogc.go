package web

import "github.com/gofiber/fiber/v2"

// routesOGC mounts OGC API - Features.
func (s *site) routesOGC(_ *fiber.App) {}
