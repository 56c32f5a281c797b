/**
 * What the emulated BMC answers, in the shapes of DMTF's schemas (DSP8010) as its mockups have them (DSP2043):
 * service root, sessions, systems, managers, chassis, and errors with @Message.ExtendedInfo (DSP0266 §8.6).
 */

export interface EmulatedSystem {
  readonly id: string;
  readonly uuid: string;
  power: string;
  boot: { enabled: string; target: string; mode: string };
  /** Counted up with each change: the ETag. */
  version: number;
}

export interface EmulatorShape {
  readonly vendor: string;
  readonly manufacturer: string;
  readonly resetTypes: readonly string[];
  /** Where the reset types are said. */
  readonly resetTypesIn: 'action' | 'action info' | 'nowhere';
  readonly sessions: 'offered' | 'absent';
  readonly etags: 'strong' | 'weak' | 'none';
  readonly bootTargets: readonly string[];
}

export const MESSAGES = {
  noSuch: ['ResourceMissingAtURI', 'The resource at the URI was not found.'],
  noLogin: ['NoValidSession', 'There is no valid session established with the implementation.'],
  badLogin: [
    'ResourceAtUriUnauthorized',
    'While accessing the resource, the service received an authorization error.',
  ],
  noPrivilege: [
    'InsufficientPrivilege',
    'There are insufficient privileges for the account or credentials associated with the current session to perform the requested operation.',
  ],
  badValue: [
    'ActionParameterNotSupported',
    'The parameter for the action is not supported on the target resource.',
  ],
  preconditionFailed: [
    'PreconditionFailed',
    'The ETag supplied did not match the ETag required to change this resource.',
  ],
  preconditionRequired: [
    'PreconditionRequired',
    'A precondition header or annotation is required to change this resource.',
  ],
  notWritable: [
    'PropertyNotWritable',
    'The property BootSourceOverrideMode is a read only property and cannot be assigned a value.',
  ],
  noOperation: [
    'NoOperation',
    'The request body submitted contain no data to act upon and no changes to the resource took place.',
  ],
  stateConflict: [
    'ResourceInStandby',
    'The request could not be performed because the resource is in standby.',
  ],
} as const;

export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly '@Message.ExtendedInfo': readonly object[];
  };
}

export function errorBody(message: keyof typeof MESSAGES): ErrorBody {
  const [id, text] = MESSAGES[message];
  return {
    error: {
      code: `Base.1.19.${id}`,
      message: text,
      '@Message.ExtendedInfo': [
        {
          '@odata.type': '#Message.v1_2_1.Message',
          MessageId: `Base.1.19.${id}`,
          Message: text,
          MessageArgs: [],
          MessageSeverity: 'Critical',
          Resolution: 'None.',
        },
      ],
    },
  };
}

export function serviceRoot({ vendor, sessions }: EmulatorShape): object {
  return {
    '@odata.type': '#ServiceRoot.v1_16_1.ServiceRoot',
    '@odata.id': '/redfish/v1/',
    Id: 'RootService',
    Name: 'Root Service',
    RedfishVersion: '1.18.0',
    UUID: '92384634-2938-2342-8820-489239905423',
    Vendor: vendor,
    Systems: { '@odata.id': '/redfish/v1/Systems' },
    Chassis: { '@odata.id': '/redfish/v1/Chassis' },
    Managers: { '@odata.id': '/redfish/v1/Managers' },
    ...(sessions === 'absent'
      ? { Links: {} }
      : {
          SessionService: { '@odata.id': '/redfish/v1/SessionService' },
          Links: { Sessions: { '@odata.id': '/redfish/v1/SessionService/Sessions' } },
        }),
  };
}

export function collection(path: string, type: string, members: readonly string[]): object {
  return {
    '@odata.type': `#${type}Collection.${type}Collection`,
    '@odata.id': path,
    Name: `${type} Collection`,
    'Members@odata.count': members.length,
    Members: members.map((id) => ({ '@odata.id': `${path}/${id}` })),
  };
}

export function sessionService(): object {
  return {
    '@odata.type': '#SessionService.v1_1_9.SessionService',
    '@odata.id': '/redfish/v1/SessionService',
    Id: 'SessionService',
    Name: 'Session Service',
    ServiceEnabled: true,
    SessionTimeout: 1800,
    Sessions: { '@odata.id': '/redfish/v1/SessionService/Sessions' },
  };
}

export function session(id: string, user: string): object {
  return {
    '@odata.type': '#Session.v1_7_1.Session',
    '@odata.id': `/redfish/v1/SessionService/Sessions/${id}`,
    Id: id,
    Name: 'User Session',
    UserName: user,
  };
}

export function chassis(id: string): object {
  return {
    '@odata.type': '#Chassis.v1_25_0.Chassis',
    '@odata.id': `/redfish/v1/Chassis/${id}`,
    Id: id,
    Name: 'Computer System Chassis',
    ChassisType: 'RackMount',
    Links: { ComputerSystems: [{ '@odata.id': `/redfish/v1/Systems/${id}` }] },
  };
}

export function manager(): object {
  return {
    '@odata.type': '#Manager.v1_19_1.Manager',
    '@odata.id': '/redfish/v1/Managers/BMC',
    Id: 'BMC',
    Name: 'Manager',
    ManagerType: 'BMC',
    FirmwareVersion: '1.45.455b66-rev4',
  };
}

export function etagOf({ version }: EmulatedSystem, { etags }: EmulatorShape): string | undefined {
  if (etags === 'none') return undefined;
  return etags === 'weak' ? `W/"${version}"` : `"${version}"`;
}

export function computerSystem(system: EmulatedSystem, shape: EmulatorShape): object {
  const path = `/redfish/v1/Systems/${system.id}`;
  const types = { 'ResetType@Redfish.AllowableValues': shape.resetTypes };
  const info = { '@Redfish.ActionInfo': `${path}/ResetActionInfo` };
  const etag = etagOf(system, shape);
  return {
    '@odata.type': '#ComputerSystem.v1_22_1.ComputerSystem',
    '@odata.id': path,
    ...(etag === undefined ? {} : { '@odata.etag': etag }),
    Id: system.id,
    Name: `System ${system.id}`,
    SystemType: 'Physical',
    Manufacturer: shape.manufacturer,
    Model: '3500',
    UUID: system.uuid.toUpperCase(),
    PowerState: system.power,
    Status: { State: 'Enabled', Health: 'OK' },
    Boot: {
      BootSourceOverrideEnabled: system.boot.enabled,
      BootSourceOverrideTarget: system.boot.target,
      BootSourceOverrideMode: system.boot.mode,
      'BootSourceOverrideTarget@Redfish.AllowableValues': shape.bootTargets,
    },
    Actions: {
      '#ComputerSystem.Reset': {
        target: `${path}/Actions/ComputerSystem.Reset`,
        ...(shape.resetTypesIn === 'action' ? types : shape.resetTypesIn === 'action info' ? info : {}),
      },
    },
  };
}

export function resetActionInfo({ id }: EmulatedSystem, { resetTypes }: EmulatorShape): object {
  return {
    '@odata.type': '#ActionInfo.v1_4_0.ActionInfo',
    '@odata.id': `/redfish/v1/Systems/${id}/ResetActionInfo`,
    Id: 'ResetActionInfo',
    Name: 'Reset Action Info',
    Parameters: [{ Name: 'ResetType', Required: true, DataType: 'String', AllowableValues: resetTypes }],
  };
}
