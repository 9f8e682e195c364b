// Owns dates and times as DICOM writes them (PS3.5 section 6.2, DA, TM and DT), made into ISO 8601. They are those of the scanner's clock.

/** YYYY-MM-DD of a DA value, also in the old form 1993.08.22; null where it is no date of the calendar. */
export function parseDate(text: string): string | null {
  const parts = /^(\d{4})[.\-/]?(\d{2})[.\-/]?(\d{2})$/.exec(text);
  if (!parts) return null;
  const date = `${parts[1]}-${parts[2]}-${parts[3]}`;
  const instant = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date) ? date : null;
}

/** HH:MM:SS of a TM value, with its fraction where there is one; what it leaves out is 00. Null where it is no time of day. */
export function parseTime(text: string): string | null {
  const parts = /^(\d{2}):?(\d{2})?:?(\d{2})?(\.\d{1,6})?$/.exec(text);
  if (!parts) return null;
  const [hours, minutes = '00', seconds = '00', fraction = ''] = parts.slice(1);
  // 60 is a leap second.
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60) return null;
  return `${hours}:${minutes}:${seconds}${/^\.0*$/.test(fraction) ? '' : fraction}`;
}

/** The date and the time of a DT value, its offset from UTC left away: both then are of the same clock as the other dates and times. */
export function parseDateTime(text: string): { date: string | null; time: string | null } {
  const parts = /^(\d{8})(\d{2}[\d.]*)?([+-]\d{4})?$/.exec(text);
  return { date: parts ? parseDate(parts[1]) : null, time: parts?.[2] ? parseTime(parts[2]) : null };
}
