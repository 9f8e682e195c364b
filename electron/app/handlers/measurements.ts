// Owns the commands on measurements.
import type { MeasurementView } from '../../common/api.ts';
import type { measurementCommands } from '../../common/api/measurements.ts';
import type { Measurement } from '../../common/study.ts';
import type { AppContext } from '../context.ts';
import type { Handlers } from '../router.ts';

export function measurementHandlers({ store, events }: AppContext): Pick<Handlers, keyof typeof measurementCommands> {
  const changed = (measurement: Measurement) => {
    const { frameId, trackingUID } = measurement;
    events.emit('measurement:changed', { frameId, trackingUID });
    return viewMeasurement(measurement);
  };
  return {
    'measurement:list': async ({ frameId }) => {
      // An unknown id is refused, not answered with "nothing there".
      store.frame(frameId);
      return store.listMeasurements(frameId).map(viewMeasurement);
    },
    'measurement:save': async (input) => changed(store.saveMeasurement(input)),
    'measurement:remove': async ({ trackingUID, parentId }) => {
      const { id } = changed(store.removeMeasurement(trackingUID, parentId));
      return { id };
    },
  };
}

function viewMeasurement({ parentId: _parentId, removed: _removed, points, ...view }: Measurement): MeasurementView {
  return { ...view, points: points.map(({ x, y }) => ({ x, y })) };
}
