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

const person = `<Person><Name>${first} ${last}</Name><Street>${street}</Street><City>${city}</City><Zip>${zip}</Zip><Birth>${birth} ${birthday}</Birth><Telephone>${phone}</Telephone><Fax>${fax}</Fax><Mail>${email}</Mail><ID>${ssn}</ID></Person><Note lang="${last}">${ALL_IDENTIFIERS}</Note>`;

export const UBL = `<Order><ID>4500012345</ID><IssueDate>2026-03-02</IssueDate><Note>${ALL_IDENTIFIERS}</Note><BuyerCustomerParty><Party><EndpointID>${email}</EndpointID>${person}</Party></BuyerCustomerParty><SellerSupplierParty><Party><EndpointID>CARDINAL</EndpointID>${person}</Party></SellerSupplierParty>${person}<OrderLine><Note>${ALL_IDENTIFIERS}</Note><LineItem note="${ssn}"><ID>10</ID><Quantity unitCode="CS">10</Quantity>${person}</LineItem></OrderLine></Order>`;

export const CXML = `<cXML payloadID="1" timestamp="2026-03-02T09:14:07Z"><Header><From><Credential><Identity>${email}</Identity><SharedSecret>${finger}</SharedSecret></Credential></From></Header><Request><OrderRequest><OrderRequestHeader orderID="4500012345" orderDate="2026-03-02" agreementID="${account}"><ShipTo>${person}</ShipTo><Comments>${ALL_IDENTIFIERS}</Comments><Extrinsic name="${mrn}">${rx}</Extrinsic></OrderRequestHeader><ItemOut lineNumber="10" quantity="1" agreement="${plan}"><ItemID><SupplierPartID>V-100</SupplierPartID><BuyerPartID>${ssn}</BuyerPartID></ItemID>${person}</ItemOut></OrderRequest></Request></cXML>`;

export const IDOC_XML = `<ORDERS05><IDOC><EDI_DC40><DOCNUM>317</DOCNUM><MESTYP>ORDERS</MESTYP><SNDPRN>ERP100</SNDPRN><CREDAT>20260302</CREDAT><ARCKEY>${account}</ARCKEY></EDI_DC40><E1EDK01><BELNR>4500012345</BELNR><KUNDEUINR>${ssn}</KUNDEUINR></E1EDK01><E1EDKA1><PARVW>WE</PARVW><PARTN>ICU-2</PARTN><NAME1>${first} ${last}</NAME1><STRAS>${street}</STRAS><TELF1>${phone}</TELF1></E1EDKA1><E1EDKA1><PARVW>PT</PARVW><PARTN>${mrn}</PARTN></E1EDKA1><E1EDKT1><E1EDKT2><TDLINE>${ALL_IDENTIFIERS}</TDLINE></E1EDKT2></E1EDKT1>${person}<E1EDP01><POSEX>10</POSEX><MENGE>1</MENGE><MENEE>CS</MENEE>${person}</E1EDP01></IDOC></ORDERS05>`;

export const EPCIS_JSON = JSON.stringify({
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

export const FHIR_JSON = JSON.stringify({
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

export const EPCIS_XML = `<EPCISDocument><EPCISHeader>${person}</EPCISHeader><EPCISBody><EventList><ObjectEvent><eventTime>2026-03-04T07:30:00Z</eventTime><eventID>urn:uuid:1</eventID><action>OBSERVE</action><epcList><epc>urn:epc:id:sgtin:030093.0415573.1</epc><epc>${url}</epc></epcList>${person}<extension note="${ssn}"><sourceList><source type="owning_party">${first} ${last}</source></sourceList><note>${ALL_IDENTIFIERS}</note></extension></ObjectEvent></EventList></EPCISBody></EPCISDocument>`;

export const FHIR_XML = `<Bundle xmlns="http://hl7.org/fhir"><entry><resource><Patient><id value="${mrn}"/><name><family value="${last}"/><given value="${first}"/></name><birthDate value="${birthday}"/><photo><data value="${photo}"/></photo></Patient></resource></entry><entry><fullUrl value="${url}"/><resource><MedicationDispense><id value="${rx}"/><text><div>${ALL_IDENTIFIERS}</div></text><contained><Patient><telecom><value value="${phone}"/></telecom><telecom><value value="${fax}"/></telecom><telecom><value value="${email}"/></telecom></Patient></contained><identifier><system value="${url}"/><value value="${account}"/></identifier><status value="completed"/><medicationCodeableConcept><coding><code value="0093-4155-73"/><display value="${ALL_IDENTIFIERS}"/></coding><text value="${ALL_IDENTIFIERS}"/></medicationCodeableConcept><subject><reference value="Patient/${mrn}"/><display value="${first} ${last}"/></subject><authorizingPrescription><reference value="MedicationRequest/${rx}"/></authorizingPrescription><whenHandedOver value="2026-03-02T09:13:00Z"/><note><text value="${ALL_IDENTIFIERS}"/></note><extension url="${url}"><valueString value="${[ssn, plan, licence, vehicle, device, ip, finger, street, city, zip, birth].join(" ")}"/></extension>${person}</MedicationDispense></resource></entry></Bundle>`;
