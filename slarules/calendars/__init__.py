"""Opening times, civil dates, holidays and zones; see `slarules.calendars.calendar.Calendar`."""
