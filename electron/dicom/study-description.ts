// Owns what a file says about its study, made fit to be shown and kept: a pseudonym for the patient, a title without names.
import { createHash } from 'node:crypto';
import { namesPatient } from '../common/patient.ts';
import type { DataSet } from './data-set.ts';

/** The first 16 hexadecimal digits of the SHA-256 of PatientID and IssuerOfPatientID; null without a PatientID. */
export function readPatientKey(dataSet: DataSet): string | null {
  const patientID = dataSet.text('PatientID');
  if (patientID === null) return null;
  const issuer = dataSet.text('IssuerOfPatientID') ?? '';
  return createHash('sha256').update(`${patientID}\n${issuer}`).digest('hex').slice(0, 16);
}

/** Study description, body part and series description, as far as they are there and differ, without any that holds the patient's name or number. */
export function readTitle(dataSet: DataSet): string {
  const parts: string[] = [];
  const patient = { name: dataSet.text('PatientName'), id: dataSet.text('PatientID') };
  for (const keyword of ['StudyDescription', 'BodyPartExamined', 'SeriesDescription'] as const) {
    const text = dataSet.text(keyword)?.replaceAll(/[\p{C}\s]+/gu, ' ') ?? null;
    if (text === null || namesPatient(text, patient)) continue;
    const known = parts.some((part) => part.toLowerCase().includes(text.toLowerCase()));
    if (!known) parts.push(text);
  }
  return parts.join(' · ').slice(0, 120) || 'Ultrasound';
}
