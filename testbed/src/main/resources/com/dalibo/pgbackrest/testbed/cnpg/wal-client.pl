#!/usr/bin/perl
# What archive_command and restore_command run in place of CNPG's own program: hands its name and
# arguments to the instance manager of the test, waits, and ends with the status that comes back.
# Modules of perl-base only, and few: it runs once per WAL file.
use strict;
use Socket;

# PostgreSQL gives up recovery when a signal ends restore_command; CNPG's program is ended by none here.
$SIG{PIPE} = 'IGNORE';

my $socket_path = '@SOCKET@';
my ($verb) = $0 =~ m{([^/]+)$};
if (!socket(my $server, AF_UNIX, SOCK_STREAM, 0)) { fail("no socket: $!"); }
elsif (!connect($server, pack_sockaddr_un($socket_path))) { fail("the instance manager is gone: $!"); }
else {
  syswrite($server, join("\t", $verb, @ARGV) . "\n") or fail("the instance manager does not listen: $!");
  my $answer = do { local $/; <$server> };
  my ($status, $message) = ($answer // '') =~ /^(\d+)(?: (.*))?$/s or fail("the instance manager went away");
  print STDERR "$verb: $message\n" if defined $message && $message ne '';
  exit $status;
}

sub fail { print STDERR "$verb: $_[0]\n"; exit 1; }
