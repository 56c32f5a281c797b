import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NotFound } from './shell/not-found.tsx';
import { PageBroken } from './shell/page-broken.tsx';
import { Shell } from './shell/shell.tsx';

/** Every page: its path, and the file it is loaded from when somebody goes there. */

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: PageBroken });

const now = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/first-steps/start-page.tsx'), 'StartPage'),
});

const machines = createRoute({
  getParentRoute: () => root,
  path: '/machines',
  component: lazyRouteComponent(() => import('./pages/machines/machines-page.tsx'), 'MachinesPage'),
});

const machine = createRoute({
  getParentRoute: () => root,
  path: '/machines/$machine',
  component: lazyRouteComponent(() => import('./pages/machine/machine-page.tsx'), 'MachinePage'),
});

const firstSteps = createRoute({
  getParentRoute: () => root,
  path: '/first-steps',
  component: lazyRouteComponent(() => import('./pages/first-steps/first-steps-page.tsx'), 'FirstStepsPage'),
});

const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  component: lazyRouteComponent(() => import('./pages/events/events-page.tsx'), 'EventsPage'),
});

const waves = createRoute({
  getParentRoute: () => root,
  path: '/waves',
  component: lazyRouteComponent(() => import('./pages/waves/waves-page.tsx'), 'WavesPage'),
});

const wave = createRoute({
  getParentRoute: () => root,
  path: '/waves/$wave',
  component: lazyRouteComponent(() => import('./pages/waves/wave-page.tsx'), 'WavePage'),
});

const users = createRoute({
  getParentRoute: () => root,
  path: '/users',
  component: lazyRouteComponent(() => import('./pages/users/users-page.tsx'), 'UsersPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

const images = createRoute({
  getParentRoute: () => root,
  path: '/images',
  component: lazyRouteComponent(() => import('./pages/images/images-page.tsx'), 'ImagesPage'),
});

const image = createRoute({
  getParentRoute: () => root,
  path: '/images/$image',
  component: lazyRouteComponent(() => import('./pages/image/image-page.tsx'), 'ImagePage'),
});

const subnets = createRoute({
  getParentRoute: () => root,
  path: '/subnets',
  component: lazyRouteComponent(() => import('./pages/subnets/subnets-page.tsx'), 'SubnetsPage'),
});

const profiles = createRoute({
  getParentRoute: () => root,
  path: '/profiles',
  component: lazyRouteComponent(() => import('./pages/profiles/profiles-page.tsx'), 'ProfilesPage'),
});

const profile = createRoute({
  getParentRoute: () => root,
  path: '/profiles/$profile',
  component: lazyRouteComponent(() => import('./pages/profile/profile-page.tsx'), 'ProfilePage'),
});

const snippets = createRoute({
  getParentRoute: () => root,
  path: '/snippets',
  component: lazyRouteComponent(() => import('./pages/snippets/snippets-page.tsx'), 'SnippetsPage'),
});

const snippet = createRoute({
  getParentRoute: () => root,
  path: '/snippets/$snippet',
  component: lazyRouteComponent(() => import('./pages/snippet/snippet-page.tsx'), 'SnippetPage'),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: '/groups',
  component: lazyRouteComponent(() => import('./pages/groups/groups-page.tsx'), 'GroupsPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: '/groups/$group',
  component: lazyRouteComponent(() => import('./pages/group/group-page.tsx'), 'GroupPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    now,
    machines,
    machine,
    firstSteps,
    events,
    waves,
    wave,
    users,
    settings,
    images,
    image,
    profiles,
    profile,
    snippets,
    snippet,
    groups,
    group,
    subnets,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
