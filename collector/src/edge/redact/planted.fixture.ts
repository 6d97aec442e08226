import type { DocumentFormat } from "@throughline/schemas/pack/document-mapping";
import { ALL_IDENTIFIERS, IDENTIFIERS as id } from "./planted-identifiers.fixture.ts";

const [first, last] = id.names;
const [street, city, zip] = id.places;
const [birth, birthday] = id.dates;
const [phone] = id.telephone;
const [fax] = id.fax;
const [email] = id.email;
const [ssn] = id.socialSecurity;
const [mrn] = id.medicalRecord;
const [plan] = id.healthPlan;
const [account] = id.account;
const [licence] = id.licence;
const [vehicle] = id.vehicle;
const [device] = id.device;
const [url] = id.url;
const [ip] = id.network;
const [finger] = id.biometric;
const [photo] = id.photo;
const [rx] = id.other;

const X12 = [
  "ISA*00*          *00*          *ZZ*NORTHMED       *ZZ*CARDINALHLTH   *260302*0914*U*00401*000000317*0*P*>",
  "GS*PO*NORTHMED*CARDINALHLTH*20260302*0914*4*X*004010",
  "ST*850*0001",
  `BEG*00*SA*4500012345**20260302`,
  `REF*SY*${ssn}`,
  `REF*EA*${mrn}`,
  `REF*IG*${plan}`,
  `REF*EJ*${account}`,
  `REF*0B*${licence}`,
  `REF*ZZ*${vehicle}*${device}`,
  `REF*PO*${ssn}`,
  `PER*IC*${first} ${last}*TE*${phone}*FX*${fax}*EM*${email}`,
  `N1*QC*${first} ${last}*MI*${mrn}`,
  `N1*ST*${last}*92*ICU-2`,
  `N2*${first} ${last}`,
  `N3*${street}`,
  `N4*${city}*IL*${zip}`,
  `NM1*QC*1*${last}*${first}****MI*${plan}`,
  `DMG*D8*${birth}*M`,
  `DTM*222*${birthday}`,
  `N9*ZZ*${rx}*${finger}`,
  `MSG*${ALL_IDENTIFIERS}`,
  `PO1*10*10*CS*24.00*PE*N4*00093415573*SN*${device}*VN*${email}`,
  `PID*F****${ALL_IDENTIFIERS}`,
  `NTE**${url} ${ip} ${photo}`,
  "CTT*1",
  "SE*25*0001",
  "GE*1*4",
  "IEA*1*000000317",
  "",
].join("~");

const HL7 = [
  "MSH|^~\\&|PHARM|north|TOWER|hq|20260302091407-0600||RDS^O13^RDS_O13|MSG00001|P|2.5.1",
  `PID|1|${mrn}|${mrn}^^^N^MR~${ssn}^^^S^SS|${licence}|${last}^${first}||${birth}|M|||${street}^^${city}^IL^${zip}||${phone}~${email}|${fax}||||${account}|${ssn}|${licence}`,
  `NK1|1|${last}^${first}|SPO|${street}|${phone}`,
  `PV1|1|I|ICU-2^${last}^3||||1^${last}^${first}|||||||||||${account}`,
  `GT1|1|${account}|${last}^${first}|||${phone}||${birth}|||${ssn}`,
  `IN1|1|${plan}|${plan}|INSURER||||||||||||${last}^${first}||${birthday}`,
  `DG1|1||${finger}`,
  `OBX|1|ED|${device}||${photo}`,
  `ORC|NW|${rx}|${rx}|${rx}|IP|||||${last}||1^${last}^${first}||${phone}`,
  `RXO|0093-4155-73^${ALL_IDENTIFIERS}^NDC||||||${ALL_IDENTIFIERS}`,
  `RXD|1|0093-4155-73^${ALL_IDENTIFIERS}^NDC|20260302091300|2|TAB||${rx}|${ALL_IDENTIFIERS}|${ALL_IDENTIFIERS}|1^${last}||||${ALL_IDENTIFIERS}`,
  `NTE|1||${ALL_IDENTIFIERS}`,
  `ZVH|${vehicle}|${url}|${ip}|${ALL_IDENTIFIERS}`,
].join("\r");

/** Documents that are read, mapped, and full of identifiers, by format. */
export const PLANTED_DOCUMENTS: Partial<Record<DocumentFormat, string>> = {
  x12: X12,
  hl7v2: HL7,
};
