const zones = Intl.supportedValuesOf('timeZone');

/** As people write it: America/New York. */
export const zoneLabel = (zone: string) => zone.replaceAll('_', ' ');

/** The time zones to choose from. `current` may be one that this computer does not know. */
export const zoneChoices = (current: string) =>
  (zones.includes(current) ? zones : [current, ...zones]).map((zone) => ({
    value: zone,
    label: zoneLabel(zone),
  }));
