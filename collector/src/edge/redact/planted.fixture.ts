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

const person = `<Person><Name>${first} ${last}</Name><Street>${street}</Street><City>${city}</City><Zip>${zip}</Zip><Birth>${birth} ${birthday}</Birth><Telephone>${phone}</Telephone><Fax>${fax}</Fax><Mail>${email}</Mail><ID>${ssn}</ID></Person><Note lang="${last}">${ALL_IDENTIFIERS}</Note>`;

const UBL = `<Order><ID>4500012345</ID><IssueDate>2026-03-02</IssueDate><Note>${ALL_IDENTIFIERS}</Note><BuyerCustomerParty><Party><EndpointID>${email}</EndpointID>${person}</Party></BuyerCustomerParty><SellerSupplierParty><Party><EndpointID>CARDINAL</EndpointID>${person}</Party></SellerSupplierParty>${person}<OrderLine><Note>${ALL_IDENTIFIERS}</Note><LineItem note="${ssn}"><ID>10</ID><Quantity unitCode="CS">10</Quantity>${person}</LineItem></OrderLine></Order>`;

const CXML = `<cXML payloadID="1" timestamp="2026-03-02T09:14:07Z"><Header><From><Credential><Identity>${email}</Identity><SharedSecret>${finger}</SharedSecret></Credential></From></Header><Request><OrderRequest><OrderRequestHeader orderID="4500012345" orderDate="2026-03-02" agreementID="${account}"><ShipTo>${person}</ShipTo><Comments>${ALL_IDENTIFIERS}</Comments><Extrinsic name="${mrn}">${rx}</Extrinsic></OrderRequestHeader><ItemOut lineNumber="10" quantity="1" agreement="${plan}"><ItemID><SupplierPartID>V-100</SupplierPartID><BuyerPartID>${ssn}</BuyerPartID></ItemID>${person}</ItemOut></OrderRequest></Request></cXML>`;

const IDOC = `<ORDERS05><IDOC><EDI_DC40><DOCNUM>317</DOCNUM><MESTYP>ORDERS</MESTYP><SNDPRN>ERP100</SNDPRN><CREDAT>20260302</CREDAT><ARCKEY>${account}</ARCKEY></EDI_DC40><E1EDK01><BELNR>4500012345</BELNR><KUNDEUINR>${ssn}</KUNDEUINR></E1EDK01><E1EDKA1><PARVW>WE</PARVW><PARTN>ICU-2</PARTN><NAME1>${first} ${last}</NAME1><STRAS>${street}</STRAS><TELF1>${phone}</TELF1></E1EDKA1><E1EDKA1><PARVW>PT</PARVW><PARTN>${mrn}</PARTN></E1EDKA1><E1EDKT1><E1EDKT2><TDLINE>${ALL_IDENTIFIERS}</TDLINE></E1EDKT2></E1EDKT1>${person}<E1EDP01><POSEX>10</POSEX><MENGE>1</MENGE><MENEE>CS</MENEE>${person}</E1EDP01></IDOC></ORDERS05>`;

const EPCIS = JSON.stringify({
  type: "EPCISDocument",
  epcisBody: {
    eventList: [
      {
        type: "ObjectEvent",
        eventTime: "2026-03-04T07:30:00Z",
        action: "OBSERVE",
        epcList: ["urn:epc:id:sgtin:030093.0415573.1", url],
        "hospital:patient": ALL_IDENTIFIERS,
        sourceList: [{ type: "owning_party", source: `${first} ${last}` }],
        sensorElementList: [{ sensorMetadata: { deviceID: device, note: ALL_IDENTIFIERS } }],
      },
    ],
  },
});

const FHIR = JSON.stringify({
  resourceType: "Bundle",
  entry: [
    {
      resource: {
        resourceType: "Patient",
        id: mrn,
        name: [{ family: last, given: [first] }],
        birthDate: birthday,
        photo: [{ data: photo }],
      },
    },
    {
      fullUrl: url,
      resource: {
        resourceType: "MedicationDispense",
        id: rx,
        status: "completed",
        text: { div: `<div>${ALL_IDENTIFIERS}</div>` },
        contained: [{ resourceType: "Patient", telecom: [{ value: phone }, { value: fax }, { value: email }] }],
        identifier: [{ system: url, value: account }],
        subject: { reference: `Patient/${mrn}`, display: `${first} ${last}` },
        medicationCodeableConcept: {
          coding: [{ code: "0093-4155-73", display: ALL_IDENTIFIERS }],
          text: ALL_IDENTIFIERS,
        },
        whenHandedOver: "2026-03-02T09:13:00Z",
        authorizingPrescription: [{ reference: `MedicationRequest/${rx}` }],
        note: [{ text: ALL_IDENTIFIERS }],
        extension: [
          { url, valueString: [ssn, plan, licence, vehicle, device, ip, finger, street, city, zip, birth].join(" ") },
        ],
      },
    },
  ],
});

const CSV = [
  "site,location,item,on_hand,counted_at,nurse,patient,note,lot",
  `north,ICU-2,0093-4155-73,12,2026-03-02T02:00:00Z,${first} ${last},${mrn},"${ALL_IDENTIFIERS}",${ssn}`,
  "",
].join("\n");

/** Documents that are read, mapped, and full of identifiers, by format. */
export const PLANTED_DOCUMENTS: Partial<Record<DocumentFormat, string>> = {
  x12: X12,
  hl7v2: HL7,
  csv: CSV,
  ubl: UBL,
  cxml: CXML,
  idoc: IDOC,
  epcis: EPCIS,
  fhir: FHIR,
};
