// Figures with their units, and what is measured with them.
export const units = {
  mm: '{{figure}} mm',
  'mm²': '{{figure}} mm²',
  px: '{{figure}} px',
  'px²': '{{figure}} px²',
  '°': '{{figure}}°',
  s: '{{figure}} s',
  min: '{{figure}} min',
  MB: '{{figure}} MB',
} as const;

export const measurements = {
  title: 'Measurements',
  remove: 'Remove',
  removeWithKey: 'Remove · {{key}}',
  removeNumber: 'Remove measurement {{number}}',
  moveNumber: 'Label of measurement {{number}}',
  moveTo: 'Move to',
  noLabel: 'No label',
  unsaved: 'not saved yet',
  figures: {
    length: 'Length',
    circumference: 'Circumference',
    area: 'Area',
    longAxis: 'Long axis',
    shortAxis: 'Short axis',
    angle: 'Angle',
  },
  refusals: {
    'no-scale': 'The file gives no physical scale.',
    notCalibrated: 'Region {{region}} is not calibrated in centimetres on both axes.',
    nothing: 'There is nothing to measure.',
    outside: 'Part of it lies outside the calibrated regions.',
    overlap: 'Regions with different scales overlap here, and none has priority.',
    across: 'It reaches across two regions with scales of their own.',
  },
  /** On the canvas, where there is little room: C is the circumference. */
  ellipse: 'C {{circumference}} · {{longAxis}} × {{shortAxis}}',
} as const;

/** The codes of the Sequence of Ultrasound Regions (PS3.3 C.8.5.5.1). */
export const regions = {
  number: 'region {{number}}',
  spatialFormats: {
    twoDimensional: '2D',
    mMode: 'M-mode',
    spectral: 'spectral Doppler',
    trace: 'trace',
    graphics: 'graphics',
  },
  dataTypes: {
    tissue: 'tissue',
    colorFlow: 'colour flow',
    pulsedDoppler: 'pulsed Doppler',
    continuousDoppler: 'continuous Doppler',
    dopplerMeanTrace: 'mean of the Doppler trace',
    dopplerModeTrace: 'mode of the Doppler trace',
    dopplerMaximumTrace: 'maximum of the Doppler trace',
    volumeTrace: 'volume trace',
    ecg: 'ECG',
    pulse: 'pulse',
    phonocardiogram: 'phonocardiogram',
    greyBar: 'grey bar',
    colorBar: 'colour bar',
  },
  unknownCode: 'code {{code}}',
  noUnit: 'no unit',
  dimensionless: 'none',
  noLengths: '{{x}} × {{y}}, no lengths',
} as const;
