/**
 * What Windows Setup reads. Muster does not start Windows yet (docs/images.md), so that this is for people who start it
 * otherwise, and served and shown as every answer file. Windows keeps passwords in no form of crypt(3): the account is
 * made without one, which by Windows' own policy opens the console and nothing on the network.
 *
 * Names are those of NetBIOS, and no number (Shell-Setup's ComputerName). The partitions are those of UEFI: Setup makes
 * the table GPT where it was started by UEFI, and stops at the first partition where it was not.
 */
export const UNATTEND_TEMPLATE = String.raw`<?xml version="1.0" encoding="utf-8"?>
{# Muster's answers for Windows Setup. Variables: docs/answer-variables.md #}
{% set number = disk | replace("disk", "") if disk else "0" %}
{% if number not in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"] %}
{{ "Windows numbers its disks: set the variable disk to 0, 1 or another number, or leave it out for 0" | refuse }}
{% endif %}
{% if machine.name | length > 15 or machine.name | trim("0123456789") == "" %}
{{ ("Windows takes a name of at most 15 characters that are not all digits, and " ~ machine.name ~ " is none: give the machine another name") | refuse }}
{% endif %}
{% set processor = {"x86_64": "amd64", "aarch64": "arm64", "i686": "x86"}[image.architecture] or "amd64" %}
{% set zones = {"Etc/UTC": "UTC", "UTC": "UTC", "Europe/London": "GMT Standard Time", "Europe/Berlin": "W. Europe Standard Time", "Europe/Zurich": "W. Europe Standard Time", "Europe/Vienna": "W. Europe Standard Time", "Europe/Paris": "Romance Standard Time", "America/New_York": "Eastern Standard Time", "America/Chicago": "Central Standard Time", "America/Denver": "Mountain Standard Time", "America/Los_Angeles": "Pacific Standard Time", "Asia/Tokyo": "Tokyo Standard Time", "Asia/Shanghai": "China Standard Time", "Asia/Kolkata": "India Standard Time", "Australia/Sydney": "AUS Eastern Standard Time"} %}
{% if timezone not in zones %}
{{ ("Muster knows no name of Windows for the time zone " ~ timezone ~ ": write one in a template of your own") | refuse }}
{% endif %}
{% set language = (locale | split("."))[0] | replace("_", "-") %}
{% macro component(name) %}<component name="{{ name }}" processorArchitecture="{{ processor }}" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">{% endmacro %}
{% macro languages() %}
      <InputLocale>{{ language | xml }}</InputLocale>
      <SystemLocale>{{ language | xml }}</SystemLocale>
      <UILanguage>{{ language | xml }}</UILanguage>
      <UserLocale>{{ language | xml }}</UserLocale>
{%- endmacro %}
<!-- {{ machine.name | comment }}: {{ image.title | comment }}, profile {{ profile | comment }}; rendered by Muster for this install only. -->
<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">
  <settings pass="windowsPE">
    {{ component("Microsoft-Windows-International-Core-WinPE") }}
{{ languages() }}
      <SetupUILanguage>
        <UILanguage>{{ language | xml }}</UILanguage>
      </SetupUILanguage>
    </component>
    {{ component("Microsoft-Windows-Setup") }}
      <DiskConfiguration>
        <Disk wcm:action="add">
          <DiskID>{{ number }}</DiskID>
          <WillWipeDisk>true</WillWipeDisk>
          <CreatePartitions>
            <CreatePartition wcm:action="add">
              <Order>1</Order>
              <Type>EFI</Type>
              <Size>260</Size>
            </CreatePartition>
            <CreatePartition wcm:action="add">
              <Order>2</Order>
              <Type>MSR</Type>
              <Size>16</Size>
            </CreatePartition>
            <CreatePartition wcm:action="add">
              <Order>3</Order>
              <Type>Primary</Type>
              <Extend>true</Extend>
            </CreatePartition>
          </CreatePartitions>
          <ModifyPartitions>
            <ModifyPartition wcm:action="add">
              <Order>1</Order>
              <PartitionID>1</PartitionID>
              <Format>FAT32</Format>
              <Label>System</Label>
            </ModifyPartition>
            <ModifyPartition wcm:action="add">
              <Order>2</Order>
              <PartitionID>3</PartitionID>
              <Format>NTFS</Format>
              <Label>Windows</Label>
              <Letter>C</Letter>
            </ModifyPartition>
          </ModifyPartitions>
        </Disk>
        <WillShowUI>OnError</WillShowUI>
      </DiskConfiguration>
      <ImageInstall>
        <OSImage>
          <InstallTo>
            <DiskID>{{ number }}</DiskID>
            <PartitionID>3</PartitionID>
          </InstallTo>
          <WillShowUI>OnError</WillShowUI>
        </OSImage>
      </ImageInstall>
      <UserData>
        <AcceptEula>true</AcceptEula>
      </UserData>
    </component>
  </settings>
  <settings pass="specialize">
    {{ component("Microsoft-Windows-Shell-Setup") }}
      <ComputerName>{{ machine.name | xml }}</ComputerName>
      <TimeZone>{{ zones[timezone] | xml }}</TimeZone>
    </component>
{% if domain %}
    {{ component("Microsoft-Windows-DNS-Client") }}
      <DNSDomain>{{ domain | xml }}</DNSDomain>
    </component>
{% endif %}
  </settings>
  <settings pass="oobeSystem">
    {{ component("Microsoft-Windows-International-Core") }}
{{ languages() }}
    </component>
    {{ component("Microsoft-Windows-Shell-Setup") }}
      <OOBE>
        <HideEULAPage>true</HideEULAPage>
        <HideOnlineAccountScreens>true</HideOnlineAccountScreens>
        <HideWirelessSetupInOOBE>true</HideWirelessSetupInOOBE>
        <ProtectYourPC>3</ProtectYourPC>
      </OOBE>
      <UserAccounts>
        <LocalAccounts>
          <LocalAccount wcm:action="add">
            <Name>{{ (user or "muster") | xml }}</Name>
            <Group>Administrators</Group>
            <Password>
              <Value></Value>
              <PlainText>true</PlainText>
            </Password>
          </LocalAccount>
        </LocalAccounts>
      </UserAccounts>
      <FirstLogonCommands>
{% for command in post_commands %}
        <SynchronousCommand wcm:action="add">
          <Order>{{ loop.index }}</Order>
          <CommandLine>{{ command | xml }}</CommandLine>
        </SynchronousCommand>
{% endfor %}
        <SynchronousCommand wcm:action="add">
          <Order>{{ post_commands | length + 1 }}</Order>
          <CommandLine>cmd /c curl -s --max-time 20 --data "step=installed" {{ (urls.report ~ "/finished") | xml }}</CommandLine>
        </SynchronousCommand>
      </FirstLogonCommands>
    </component>
  </settings>
</unattend>
`;
