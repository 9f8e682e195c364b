// Owns what a scanner may send: the storage classes of ultrasound images and of captures of its screen (PS3.4 annex B.5).

export const verificationClass = '1.2.840.10008.1.1';

export const storageClasses: readonly string[] = [
  '1.2.840.10008.5.1.4.1.1.6.1', // Ultrasound Image
  '1.2.840.10008.5.1.4.1.1.3.1', // Ultrasound Multi-frame Image
  '1.2.840.10008.5.1.4.1.1.6', // Ultrasound Image, retired
  '1.2.840.10008.5.1.4.1.1.3', // Ultrasound Multi-frame Image, retired
  '1.2.840.10008.5.1.4.1.1.6.2', // Enhanced US Volume
  '1.2.840.10008.5.1.4.1.1.7', // Secondary Capture Image
  '1.2.840.10008.5.1.4.1.1.7.2', // Multi-frame Grayscale Byte Secondary Capture Image
  '1.2.840.10008.5.1.4.1.1.7.3', // Multi-frame Grayscale Word Secondary Capture Image
  '1.2.840.10008.5.1.4.1.1.7.4', // Multi-frame True Color Secondary Capture Image
];
