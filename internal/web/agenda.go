package web

import "github.com/gofiber/fiber/v2"

// routesAgenda are the iCalendar files.
func (s *site) routesAgenda(_ *fiber.App) {}
