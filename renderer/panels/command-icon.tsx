// Owns the picture of each command.
import type { ReactElement } from 'react';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconArrowRight,
  IconBrush,
  IconCheck,
  IconChevronDown,
  IconChevronUp,
  IconCircleMinus,
  IconCircleOff,
  IconCirclePlus,
  IconCommand,
  IconDownload,
  IconEraser,
  IconEyeOff,
  IconFocusCentered,
  IconHandStop,
  IconKeyboard,
  IconLayoutSidebar,
  IconLayoutSidebarRight,
  IconPaint,
  IconPlus,
  IconRefresh,
  IconRestore,
  IconScan,
  IconSearch,
  IconStar,
  IconSunMoon,
  IconTag,
  IconTopologyStar3,
  IconUpload,
  IconUserScan,
  IconX,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react';
import type { CommandIcon } from '../commands/command.ts';

const icons = {
  accept: IconCheck,
  absent: IconCircleOff,
  back: IconRestore,
  hide: IconEyeOff,
  undo: IconArrowBackUp,
  redo: IconArrowForwardUp,
  select: IconHandStop,
  box: IconScan,
  brush: IconBrush,
  eraser: IconEraser,
  larger: IconCirclePlus,
  smaller: IconCircleMinus,
  fill: IconPaint,
  fit: IconFocusCentered,
  'zoom-in': IconZoomIn,
  'zoom-out': IconZoomOut,
  previous: IconArrowLeft,
  next: IconArrowRight,
  up: IconChevronUp,
  down: IconChevronDown,
  star: IconStar,
  find: IconSearch,
  patient: IconUserScan,
  label: IconTag,
  'panel-left': IconLayoutSidebar,
  'panel-right': IconLayoutSidebarRight,
  theme: IconSunMoon,
  palette: IconCommand,
  keyboard: IconKeyboard,
  synchronize: IconRefresh,
  cancel: IconX,
  export: IconUpload,
  import: IconDownload,
  add: IconPlus,
  model: IconTopologyStar3,
} satisfies Record<CommandIcon, typeof IconCheck>;

export function CommandGlyph({
  icon,
  size = 18,
}: {
  readonly icon: CommandIcon;
  readonly size?: number;
}): ReactElement {
  const Icon = icons[icon];
  return <Icon size={size} stroke={1.6} aria-hidden />;
}
