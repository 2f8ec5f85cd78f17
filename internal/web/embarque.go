package web

import "github.com/gofiber/fiber/v2"

// routesEmbarque are the widget: the script of the hosts, and the pages that it frames.
func (s *site) routesEmbarque(_ *fiber.App) {}
