package web

import "github.com/gofiber/fiber/v2"

// routesCatalogue are the catalogue of the data (DCAT-AP) and the map of the site.
func (s *site) routesCatalogue(_ *fiber.App) {}
